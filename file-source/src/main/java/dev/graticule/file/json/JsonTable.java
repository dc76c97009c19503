package dev.graticule.file.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.graticule.GraticuleException;
import dev.graticule.file.RecordTable;
import dev.graticule.file.TextInput;
import dev.graticule.file.TextStreams;
import dev.graticule.file.text.TextColumn;
import dev.graticule.file.text.TextKind;
import dev.graticule.spi.RowTable.RowColumn;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Finds the keys and types of the objects of a JSON file, and reads it so. Objects and arrays inside of an object are their text. */
final class JsonTable {
    private static final JsonFactory FACTORY = new JsonFactory();

    private final Function<String, TextStreams.Compression> compression;
    private final List<RowColumn> columns;
    private final Map<String, Integer> numbers = new HashMap<>();

    private JsonTable(Function<String, TextStreams.Compression> compression, List<RowColumn> columns) {
        this.compression = compression;
        this.columns = columns;
        for (int i = 0; i < columns.size(); i++) {
            numbers.put(columns.get(i).name(), i);
        }
    }

    /**
     * A table over files with the columns of the first.
     *
     * @param sampleRows how many objects are looked at for keys and types
     * @throws GraticuleException of kind SOURCE where the first file is no JSON
     */
    static RecordTable open(List<Path> files, int sampleRows, Function<String, TextStreams.Compression> compression) {
        Path first = files.getFirst();
        try {
            Set<String> nested = new LinkedHashSet<>();
            List<RowColumn> columns = sniff(first, sampleRows, compression, nested);
            if (columns.isEmpty()) {
                throw new IOException("there is no object with keys in it");
            }
            JsonTable table = new JsonTable(compression, columns);
            List<String> remarks = nested.stream()
                    .map(name -> "Objects and arrays in " + name + " come as their JSON text.").toList();
            return new RecordTable(RecordTable.nameOf(first), files, columns, remarks, table::records);
        } catch (IOException failure) {
            throw RecordTable.failed(first, failure);
        }
    }

    private static List<RowColumn> sniff(Path file, int rows, Function<String, TextStreams.Compression> compression,
            Set<String> nested)
            throws IOException {
        Map<String, Set<TextKind>> kinds = new LinkedHashMap<>();
        try (Objects objects = new Objects(file, compression)) {
            for (int i = 0; i < rows && objects.next(); i++) {
                while (objects.nextKey()) {
                    String name = objects.parser.currentName();
                    Set<TextKind> possible = kinds.computeIfAbsent(name, unused -> TextKind.all());
                    JsonToken token = objects.nextValue();
                    if (token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY) {
                        nested.add(name);
                    }
                    narrow(possible, token, objects.value(token));
                }
            }
        }
        List<RowColumn> columns = new ArrayList<>();
        kinds.forEach(
                (name, possible) -> columns.add(new RowColumn(name, TextKind.narrowest(possible).type(), Map.of())));
        return columns;
    }

    private static void narrow(Set<TextKind> possible, JsonToken token, String value) {
        if (value == null) {
            return;
        }
        switch (token) {
            case VALUE_TRUE, VALUE_FALSE -> possible.retainAll(EnumSet.of(TextKind.BOOLEAN, TextKind.VARCHAR));
            case VALUE_NUMBER_INT ->
                possible.retainAll(TextKind.BIGINT.accepts(value)
                        ? EnumSet.of(TextKind.BIGINT, TextKind.DOUBLE, TextKind.VARCHAR)
                        : EnumSet.of(TextKind.DOUBLE, TextKind.VARCHAR));
            case VALUE_NUMBER_FLOAT -> possible.retainAll(EnumSet.of(TextKind.DOUBLE, TextKind.VARCHAR));
            case VALUE_STRING -> {
                // A text with digits stays a text; NaN and the infinities are what JSON has no numbers for.
                boolean special = value.equals("NaN") || value.equals("Infinity") || value.equals("-Infinity");
                possible.removeAll(special ? EnumSet.of(TextKind.BOOLEAN, TextKind.BIGINT)
                        : EnumSet.of(TextKind.BOOLEAN, TextKind.BIGINT, TextKind.DOUBLE));
                TextKind.narrow(possible, value);
            }
            default -> possible.retainAll(EnumSet.of(TextKind.VARCHAR));
        }
    }

    private RecordTable.Records records(Path file) throws IOException {
        Objects objects = new Objects(file, compression);
        return new RecordTable.Records() {
            @Override
            public boolean next(TextColumn[] values, int row) throws IOException {
                if (!objects.next()) {
                    return false;
                }
                for (TextColumn column : values) {
                    if (column != null) {
                        column.setNull(row);
                    }
                }
                while (objects.nextKey()) {
                    String name = objects.parser.currentName();
                    JsonToken token = objects.nextValue();
                    Integer column = numbers.get(name);
                    if (column == null) {
                        throw GraticuleException.source(objects.place() + ": the key " + name
                                + " was not among those of the first objects: write sample_size => -1.", null);
                    }
                    if (values[column] == null) {
                        objects.parser.skipChildren();
                    } else {
                        set(values[column], row, objects, token, columns.get(column));
                    }
                }
                return true;
            }

            @Override
            public long bytesRead() {
                return objects.input.bytesRead();
            }

            @Override
            public void close() throws IOException {
                objects.close();
            }
        };
    }

    private static void set(TextColumn to, int row, Objects objects, JsonToken token, RowColumn column)
            throws IOException {
        String value = objects.value(token);
        if (value == null) {
            return;
        }
        try {
            to.set(row, value);
        } catch (IllegalArgumentException | DateTimeException | ArithmeticException wrong) {
            throw GraticuleException.source(objects.place() + ", key " + column.name() + ": "
                    + (value.length() > 40 ? value.substring(0, 40) + "..." : value) + " is no " + column.type()
                    + ". That type was found in the first objects: write sample_size => -1.", wrong);
        }
    }

    /** The objects of a file, which may stand in an array. */
    private static final class Objects implements AutoCloseable {
        private final Path file;
        private final TextInput input;
        private final JsonParser parser;
        private boolean inArray;
        private boolean begun;
        private boolean ended;

        Objects(Path file, Function<String, TextStreams.Compression> compression) throws IOException {
            this.file = file;
            this.input = TextStreams.openInput(file, compression.apply(file.toString()));
            try {
                this.parser = FACTORY.createParser(input);
            } catch (IOException | RuntimeException failure) {
                input.close();
                throw failure;
            }
        }

        String place() {
            return "'" + file + "', line " + parser.currentLocation().getLineNr();
        }

        /** Goes into the next object; false after the last, as often as it is asked. */
        boolean next() throws IOException {
            ended = ended || !advance();
            return !ended;
        }

        private boolean advance() throws IOException {
            try {
                JsonToken token = parser.nextToken();
                if (!begun && token == JsonToken.START_ARRAY) {
                    inArray = true;
                    token = parser.nextToken();
                }
                begun = true;
                if (inArray && token == JsonToken.END_ARRAY) {
                    if (parser.nextToken() != null) {
                        throw unexpected("something after the array");
                    }
                    return false;
                }
                if (token == null && inArray) {
                    throw unexpected("the array is not closed: the file is cut off");
                }
                if (token != null && token != JsonToken.START_OBJECT) {
                    throw unexpected("an object was expected");
                }
                return token != null;
            } catch (JsonProcessingException wrong) {
                throw unexpected(wrong.getOriginalMessage().lines().findFirst().orElse("no JSON"));
            }
        }

        /** Goes to the next key of the object; false at its end. */
        boolean nextKey() throws IOException {
            JsonToken token = nextValue();
            if (token == null) {
                throw unexpected("the object is not closed: the file is cut off");
            }
            return token == JsonToken.FIELD_NAME;
        }

        JsonToken nextValue() throws IOException {
            try {
                return parser.nextToken();
            } catch (JsonProcessingException wrong) {
                throw unexpected(wrong.getOriginalMessage().lines().findFirst().orElse("no JSON"));
            }
        }

        private GraticuleException unexpected(String what) {
            return GraticuleException.source(place() + ": " + what + ".", null);
        }

        /** The value at the parser as text, objects and arrays as JSON; {@code null} for null. */
        String value(JsonToken token) throws IOException {
            try {
                return switch (token) {
                    case VALUE_NULL -> null;
                    case START_OBJECT, START_ARRAY -> {
                        StringWriter text = new StringWriter();
                        try (JsonGenerator generator = FACTORY.createGenerator(text)) {
                            generator.copyCurrentStructure(parser);
                        }
                        yield text.toString();
                    }
                    case null -> throw unexpected("the object is not closed: the file is cut off");
                    default -> parser.getText();
                };
            } catch (JsonProcessingException wrong) {
                throw unexpected(wrong.getOriginalMessage().lines().findFirst().orElse("no JSON"));
            }
        }

        @Override
        public void close() throws IOException {
            parser.close();
        }
    }
}
