package dev.graticule.arrow;

import dev.graticule.spi.SimplePredicate;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * What a query wants of a stream.
 *
 * @param declared the schema that the table was declared with
 * @param columns the numbers of its fields that are wanted, in the order in which they are to come; may be none, where only rows
 *            are counted
 * @param predicates what must hold of the rows, all of it: those that the factory answered with EXACT or PRUNES. Their columns
 *            are fields of {@code declared}, wanted or not; their values are of the types of {@link ArrowStreamTable#columns}
 * @param limit how many rows will be taken at most, after the predicates, or {@link Long#MAX_VALUE}
 */
public record ScanRequest(Schema declared, List<Integer> columns, List<SimplePredicate> predicates, long limit) {
    public ScanRequest {
        columns = List.copyOf(columns);
        predicates = List.copyOf(predicates);
    }

    /** The fields that are wanted, in their order. */
    public Schema schema() {
        return new Schema(columns.stream().map(declared.getFields()::get).toList(), declared.getCustomMetadata());
    }

    /** The field that a predicate is on. */
    public Field field(SimplePredicate predicate) {
        return declared.getFields().get(predicate.column());
    }
}
