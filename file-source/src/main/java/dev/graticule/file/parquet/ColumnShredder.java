package dev.graticule.file.parquet;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.parquet.column.ColumnWriter;

/**
 * Writes an Arrow vector into the column writers of its leaves, with the repetition and definition levels of the Dremel encoding:
 * the definition level counts the optional and repeated ancestors that are there, the repetition level says which list goes on.
 */
abstract sealed class ColumnShredder permits ColumnShredder.Struct, ColumnShredder.Repeated, LeafShredder {

    /** A shredder of vectors of a field; {@code next} gives the column writers of the leaves in order. */
    static ColumnShredder of(Field field, Function<Field, ColumnWriter> next) {
        return of(field, next, 0, false);
    }

    private static ColumnShredder of(Field field, Function<Field, ColumnWriter> next, int repetition,
            boolean required) {
        return switch (field.getType()) {
            case ArrowType.Struct struct -> new Struct(
                    field.getChildren().stream().map(child -> of(child, next, repetition, false)).toList());
            case ArrowType.Map map -> new Repeated(repetition + 1,
                    List.of(of(field.getChildren().getFirst().getChildren().get(0), next, repetition + 1, true),
                            of(field.getChildren().getFirst().getChildren().get(1), next, repetition + 1, false)));
            case ArrowType.List list -> repeated(field, next, repetition);
            case ArrowType.LargeList list -> repeated(field, next, repetition);
            case ArrowType.FixedSizeList list -> repeated(field, next, repetition);
            default -> new LeafShredder(field, next.apply(field), required);
        };
    }

    private static Repeated repeated(Field field, Function<Field, ColumnWriter> next, int repetition) {
        return new Repeated(repetition + 1, List.of(of(field.getChildren().getFirst(), next, repetition + 1, false)));
    }

    /** The vector whose values come next. */
    abstract void load(FieldVector vector);

    /** Writes value {@code index}, or that it is NULL. */
    abstract void write(int index, int repetition, int definition);

    /** Writes that an ancestor is NULL or empty. */
    abstract void writeNothing(int repetition, int definition);

    /** Writes values {@code [from, to)} as rows. */
    void writeRows(int from, int to) {
        for (int row = from; row < to; row++) {
            write(row, 0, 0);
        }
    }

    static final class Struct extends ColumnShredder {
        private final List<ColumnShredder> children;
        private FieldVector vector;

        Struct(List<ColumnShredder> children) {
            this.children = children;
        }

        @Override
        void load(FieldVector loaded) {
            vector = loaded;
            List<FieldVector> vectors = ((StructVector) loaded).getChildrenFromFields();
            for (int child = 0; child < children.size(); child++) {
                children.get(child).load(vectors.get(child));
            }
        }

        @Override
        void write(int index, int repetition, int definition) {
            if (vector.isNull(index)) {
                writeNothing(repetition, definition);
                return;
            }
            for (ColumnShredder child : children) {
                child.write(index, repetition, definition + 1);
            }
        }

        @Override
        void writeNothing(int repetition, int definition) {
            for (ColumnShredder child : children) {
                child.writeNothing(repetition, definition);
            }
        }
    }

    /** Lists, with one child, and maps, with key and value. */
    static final class Repeated extends ColumnShredder {
        private final int level;
        private final List<ColumnShredder> children;
        private FieldVector vector;

        Repeated(int level, List<ColumnShredder> children) {
            this.level = level;
            this.children = children;
        }

        @Override
        void load(FieldVector loaded) {
            vector = loaded;
            List<FieldVector> inner = new ArrayList<>();
            FieldVector values = switch (loaded) {
                case LargeListVector list -> list.getDataVector();
                case FixedSizeListVector list -> list.getDataVector();
                case ListVector list -> list.getDataVector();
                default -> throw new IllegalStateException(loaded.getField().toString());
            };
            if (loaded.getField().getType() instanceof ArrowType.Map) {
                inner.addAll(values.getChildrenFromFields());
            } else {
                inner.add(values);
            }
            for (int child = 0; child < children.size(); child++) {
                children.get(child).load(inner.get(child));
            }
        }

        @Override
        void write(int index, int repetition, int definition) {
            if (vector.isNull(index)) {
                writeNothing(repetition, definition);
                return;
            }
            int start;
            int end;
            switch (vector) {
                case LargeListVector list -> {
                    start = (int) list.getElementStartIndex(index);
                    end = (int) list.getElementEndIndex(index);
                }
                case FixedSizeListVector list -> {
                    start = index * list.getListSize();
                    end = start + list.getListSize();
                }
                case ListVector list -> {
                    start = list.getElementStartIndex(index);
                    end = list.getElementEndIndex(index);
                }
                default -> throw new IllegalStateException(vector.getField().toString());
            }
            if (start == end) {
                writeNothing(repetition, definition + 1);
                return;
            }
            for (ColumnShredder child : children) {
                for (int element = start; element < end; element++) {
                    child.write(element, element == start ? repetition : level, definition + 2);
                }
            }
        }

        @Override
        void writeNothing(int repetition, int definition) {
            for (ColumnShredder child : children) {
                child.writeNothing(repetition, definition);
            }
        }
    }
}
