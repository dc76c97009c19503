package dev.graticule.cli;

import dev.graticule.type.SqlType;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;

/** The name of a column's type in a table's header, in lower case: {@code decimal(10,2)}, {@code integer[]}. */
final class TypeName {
    private TypeName() {
    }

    static String of(Field field) {
        SqlType type = SqlType.of(field);
        return type instanceof SqlType.Other other ? nested(other.field()) : type.toString().toLowerCase(Locale.ROOT);
    }

    private static String nested(Field field) {
        return switch (field.getType().getTypeID()) {
            case List, LargeList, FixedSizeList, ListView, LargeListView -> of(field.getChildren().getFirst()) + "[]";
            case Struct -> field.getChildren().stream().map(child -> child.getName() + " " + of(child))
                    .collect(Collectors.joining(", ", "struct(", ")"));
            case Map -> "map(" + field.getChildren().getFirst().getChildren().stream().map(TypeName::of)
                    .collect(Collectors.joining(", ")) + ")";
            default -> field.getType().getTypeID().name().toLowerCase(Locale.ROOT);
        };
    }

    /** Whether cells are numbers, which align to the right. */
    static boolean isNumber(Field field) {
        ArrowType.ArrowTypeID type = field.getType().getTypeID();
        return type == ArrowType.ArrowTypeID.Int || type == ArrowType.ArrowTypeID.FloatingPoint
                || type == ArrowType.ArrowTypeID.Decimal;
    }
}
