package dev.graticule.batch;

import dev.graticule.type.SqlType;

/** A value per row of a box, in the encoding that costs least: a reader of it never assumes one value per row. */
public sealed interface Column {
    SqlType type();

    /** How NULLs are kept. With {@link NullForm#BITMAP} the bitmap is that of {@code values} (for a dictionary: also of the indices). */
    NullForm nulls();

    Layout layout();

    /** The same column over a part of its box. */
    Column slice(int[] start, int[] length);

    /** Values at strides or offset tables; a plain Arrow column is the dense case, a constant the one without strides. */
    record Strided(Values values, Layout layout, NullForm nulls) implements Column {
        @Override
        public SqlType type() {
            return values.type();
        }

        @Override
        public Strided slice(int[] start, int[] length) {
            return new Strided(values, layout.slice(start, length), nulls);
        }
    }

    /** INTEGER indices (at a layout) into a dictionary of values; a NULL index is NULL, and so is an index of a NULL value. */
    record Dictionary(Values indices, Layout layout, Values dictionary, NullForm nulls) implements Column {
        @Override
        public SqlType type() {
            return dictionary.type();
        }

        @Override
        public Dictionary slice(int[] start, int[] length) {
            return new Dictionary(indices, layout.slice(start, length), dictionary, nulls);
        }
    }

    /** A dense column of a box: value {@code offset + row} belongs to row {@code row}. */
    static Strided dense(Values values, int[] shape, int offset) {
        boolean none = values.validity() == null && !(values.type() instanceof SqlType.Other)
                && values.type() != SqlType.NULL;
        return new Strided(values, Layout.dense(shape, offset), none ? NullForm.NONE : NullForm.BITMAP);
    }
}
