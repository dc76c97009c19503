package dev.graticule.bind;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.graticule.aggregate.Aggregates;
import dev.graticule.function.Functions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LaterFunctionsTest {
    @Test
    void aFunctionThatIsHereIsNotListedAsOneThatComesLater() {
        List<String> here = LaterFunctions.names().stream()
                .filter(name -> Functions.exists(name) || Aggregates.exists(name)).toList();
        assertEquals(List.of(), here);
    }

    @Test
    void aNameBelongsToItsFeatureInAnyCaseOrToNone() {
        assertEquals(Optional.of("lists (flatten)"), LaterFunctions.feature("FLATTEN"));
        assertEquals(Optional.of("lists (list_any_value)"), LaterFunctions.feature("list_any_value"));
        assertEquals(Optional.of("grouping()"), LaterFunctions.feature("grouping"));
        assertEquals(Optional.of("the function strptime"), LaterFunctions.feature("strptime"));
        assertEquals(Optional.empty(), LaterFunctions.feature("averge"));
    }
}
