package dev.graticule.cli;

import dev.graticule.file.text.CellText;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.graticule.Engine;
import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.Query;
import dev.graticule.arrow.ArrowIpc;
import dev.graticule.sql.Position;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.ArrowReader;

/**
 * Serves a program over two pipes: a JSON object a line in, one a line out, in the same order, until the end of input.
 *
 * <p>In: {@code {"id": any, "tables": {"name": "path of an Arrow stream"}, "sql": "..."}}; tables exist for their line only,
 * and hide what else has their names.
 * Out: {@code {"id", "columns": [name], "rows": [[value]], "notices": [text]}} (notices only where there are any; of several
 * statements the last one answers) or {@code {"id", "error": text, "kind": kind, "line": 1, "column": 8}} (line and column
 * where the error has a place). Whatever goes wrong is the answer to its line; the server goes on.
 */
final class PipeServer {
    private final Engine engine;
    private final BufferedReader in;
    private final Writer out;
    private final JsonFactory json = new JsonFactory();
    private final CellText cells = new CellText(true);

    PipeServer(Engine engine, BufferedReader in, Writer out) {
        this.engine = engine;
        this.in = in;
        this.out = out;
    }

    private record Request(String id, Map<String, String> tables, String sql) {
    }

    /** Serves until the end of input. */
    void run() throws IOException {
        for (String line = withoutMark(in.readLine()); line != null; line = in.readLine()) {
            if (!line.isBlank()) {
                out.append(answer(line)).append('\n').flush();
            }
        }
    }

    /** Without the byte order mark that some programs begin a text with. */
    private static String withoutMark(String line) {
        return line != null && line.startsWith("\uFEFF") ? line.substring(1) : line;
    }

    /** The answer to a line, without the line feed. */
    String answer(String line) {
        String[] id = {"null"};
        try {
            return answer(parse(line, id));
        } catch (JsonProcessingException malformed) {
            return error(id[0], ErrorKind.SYNTAX, "The line is not a JSON object: "
                    + malformed.getOriginalMessage().replaceAll("(?s) \\(start marker at .*", ""), null);
        } catch (GraticuleException known) {
            return error(id[0], known.kind(), known.getMessage(), known.position().orElse(null));
        } catch (OutOfMemoryError | StackOverflowError exhausted) {
            return error(id[0], ErrorKind.RESOURCE,
                    exhausted instanceof OutOfMemoryError
                            ? "Out of memory: " + exhausted.getMessage()
                                    + ". An answer is one line: select less, or give"
                                    + " more memory with GRATICULE_JAVA_OPTIONS=-Xmx4g."
                            : "The statement is nested too deeply.",
                    null);
        } catch (IOException | RuntimeException | Error defect) {
            return error(id[0], ErrorKind.INTERNAL, String.valueOf(defect), null);
        }
    }

    private Request parse(String line, String[] id) throws IOException {
        Map<String, String> tables = new LinkedHashMap<>();
        String sql = null;
        String problem = null;
        try (JsonParser parser = json.createParser(line)) {
            expect(parser, parser.nextToken(), JsonToken.START_OBJECT, "an object");
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                switch (name) {
                    case "id" -> id[0] = value(parser, value, line);
                    case "sql" -> {
                        sql = value == JsonToken.VALUE_STRING ? parser.getText() : "";
                        problem = value == JsonToken.VALUE_STRING ? problem : "\"sql\" must be a text.";
                        parser.skipChildren();
                    }
                    case "tables" -> problem = readTables(parser, value, tables, problem);
                    default -> parser.skipChildren();
                }
            }
            expect(parser, parser.currentToken(), JsonToken.END_OBJECT, "a member of the object");
            expect(parser, parser.nextToken(), null, "nothing after the object");
        }
        if (sql == null || problem != null) {
            throw GraticuleException.of(ErrorKind.SYNTAX, null, problem != null ? problem : "The line has no \"sql\".",
                    null);
        }
        return new Request(id[0], tables, sql);
    }

    /** Reads on to the end of the value whatever it is, so that an id behind it is found; the problem so far, or its own. */
    private static String readTables(JsonParser parser, JsonToken value, Map<String, String> tables, String problem)
            throws IOException {
        String found = problem;
        if (value == JsonToken.START_OBJECT) {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String table = parser.currentName();
                if (parser.nextToken() == JsonToken.VALUE_STRING) {
                    tables.put(table, parser.getText());
                } else {
                    found = "The path of table \"" + table + "\" must be a text.";
                    parser.skipChildren();
                }
            }
        } else if (value != JsonToken.VALUE_NULL) {
            found = "\"tables\" must be an object: a path for each name.";
            parser.skipChildren();
        }
        return found;
    }

    private static void expect(JsonParser parser, JsonToken found, JsonToken wanted, String what)
            throws JsonProcessingException {
        if (found != wanted) {
            throw new JsonParseException(parser, "expected " + what);
        }
    }

    /** A value as JSON, as it came. */
    private static String value(JsonParser parser, JsonToken value, String line) throws IOException {
        if (value == JsonToken.VALUE_STRING) {
            StringBuilder quoted = new StringBuilder();
            CellText.appendString(quoted, parser.getText());
            return quoted.toString();
        }
        if (value.isScalarValue()) {
            return parser.getText();
        }
        int start = (int) parser.currentTokenLocation().getCharOffset();
        parser.skipChildren();
        return line.substring(start, (int) parser.currentLocation().getCharOffset());
    }

    private String answer(Request request) throws IOException {
        List<Engine.Registration> registered = new ArrayList<>();
        try {
            for (Map.Entry<String, String> table : request.tables().entrySet()) {
                registered.add(engine.openRegistration(table.getKey(), ArrowIpc.open(path(table.getValue()))));
            }
            return answer(request.id(), request.sql());
        } finally {
            registered.reversed().forEach(Engine.Registration::close);
        }
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException wrong) {
            throw GraticuleException.source("'" + text + "' is not a path: " + wrong.getReason(), wrong);
        }
    }

    private String answer(String id, String sql) throws IOException {
        StringBuilder answer = new StringBuilder();
        List<Query> queries = engine.queryAll(sql);
        for (Query query : queries) {
            try (query; ArrowReader rows = query.run()) {
                answer.setLength(0);
                answer.append("{\"id\": ").append(id);
                appendResult(answer, rows);
                if (!query.notices().isEmpty()) {
                    appendStrings(answer.append(", \"notices\": "), query.notices());
                }
                answer.append('}');
            }
        }
        return queries.isEmpty() ? "{\"id\": " + id + ", \"columns\": [], \"rows\": []}" : answer.toString();
    }

    private void appendResult(StringBuilder answer, ArrowReader rows) throws IOException {
        List<String> names = rows.getVectorSchemaRoot().getFieldVectors().stream().map(FieldVector::getName).toList();
        appendStrings(answer.append(", \"columns\": "), names);
        answer.append(", \"rows\": [");
        boolean first = true;
        while (rows.loadNextBatch()) {
            List<FieldVector> vectors = rows.getVectorSchemaRoot().getFieldVectors();
            int size = rows.getVectorSchemaRoot().getRowCount();
            for (int row = 0; row < size; row++) {
                answer.append(first ? "[" : ", [");
                first = false;
                for (int column = 0; column < vectors.size(); column++) {
                    cells.appendJson(answer.append(column > 0 ? ", " : ""), vectors.get(column), row);
                }
                answer.append(']');
            }
        }
        answer.append(']');
    }

    private static void appendStrings(StringBuilder out, List<String> texts) {
        String separator = "[";
        for (String text : texts) {
            CellText.appendString(out.append(separator), text);
            separator = ", ";
        }
        out.append(texts.isEmpty() ? "[]" : "]");
    }

    /** @param place where in the SQL, or {@code null} */
    private static String error(String id, ErrorKind kind, String message, Position place) {
        StringBuilder out = new StringBuilder("{\"id\": ").append(id).append(", \"error\": ");
        CellText.appendString(out, message == null ? "" : message);
        out.append(", \"kind\": \"").append(kind.name().toLowerCase(Locale.ROOT)).append('"');
        if (place != null) {
            out.append(", \"line\": ").append(place.line()).append(", \"column\": ").append(place.column());
        }
        return out.append('}').toString();
    }
}
