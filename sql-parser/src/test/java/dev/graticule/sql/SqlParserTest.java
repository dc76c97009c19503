package dev.graticule.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SqlParserTest {

    private static QueryBody.Select select(String sql) {
        return (QueryBody.Select) ((Statement.Query) SqlParser.parse(sql)).query().body();
    }

    private static SqlExpression expression(String sql) {
        return select("SELECT " + sql).items().getFirst().expression();
    }

    @Test
    void anItemKeepsItsTextWithBlanksMadeSingle() {
        List<QueryBody.SelectItem> items = select(
                "SELECT avg( t2m )  AS m, a+b, 'x  y' /* c */ ||\n z, (a), t . * FROM t")
                .items();
        assertEquals(List.of("avg( t2m )", "a+b", "'x  y' || z", "(a)", "t . *"),
                items.stream().map(QueryBody.SelectItem::text).toList());
    }

    @Test
    void identifiersKeepTheirSpellingAndTheirQuotes() {
        SqlExpression.Name name = (SqlExpression.Name) expression("MyTable.\"2m \"\"x\"\"\"");
        assertEquals(List.of("MyTable", "2m \"x\""), name.parts().stream().map(Identifier::name).toList());
        assertFalse(name.parts().get(0).quoted());
        assertTrue(name.parts().get(1).quoted());
    }

    @Test
    void positionsCoverTheNode() {
        String sql = "SELECT a,\n  b + c * 2 FROM t";
        SqlExpression second = select(sql).items().get(1).expression();
        assertEquals("b + c * 2", second.position().textIn(sql));
        assertEquals(new Position(2, 3, 12, 21), second.position());
        SqlExpression product = ((SqlExpression.Binary) second).right();
        assertEquals("c * 2", product.position().textIn(sql));
    }

    @Test
    void questionMarksAreNumberedPerStatement() {
        List<Statement> statements = SqlParser.parseAll("SELECT ?, ?; SELECT ?, $2, $n, :m");
        assertEquals("SELECT $1, $2", AstPrinter.toSql(statements.get(0)));
        assertEquals("SELECT $1, $2, $n, $m", AstPrinter.toSql(statements.get(1)));
    }

    @Test
    void stringsAreResolved() {
        assertEquals("it's", ((SqlExpression.StringLiteral) expression("'it''s'")).value());
        assertEquals("ab", ((SqlExpression.StringLiteral) expression("'a'\n  'b'")).value());
        assertEquals("a\tb'\\é", ((SqlExpression.StringLiteral) expression("E'a\\tb\\'\\\\\\u00e9'")).value());
        assertEquals("a 'b' $$", ((SqlExpression.StringLiteral) expression("$q$a 'b' $$$q$")).value());
        assertThrows(SyntaxException.class, () -> SqlParser.parse("SELECT 'a' 'b'"));
    }

    @Test
    void numbersKeepTheirText() {
        for (String number : List.of("1", "1.5", ".5", "1e3", "0x1F", "1_000", "123456789012345678901234567890")) {
            assertEquals(number, ((SqlExpression.NumberLiteral) expression(number)).text());
        }
    }

    @Test
    void aQuotedPathIsATableAndAStringIsAPath() {
        TableReference.Named named = (TableReference.Named) select("SELECT 1 FROM \"x.zarr\"").from().getFirst();
        assertEquals("x.zarr", named.name().getFirst().name());
        TableReference.Path path = (TableReference.Path) select("FROM 'x.zarr'").from().getFirst();
        assertEquals("x.zarr", path.path());
    }

    @Test
    void optionsMayBeWrittenInEveryWay() {
        Statement.CreateTable create = (Statement.CreateTable) SqlParser.parse("CREATE EXTERNAL TABLE e STORED AS ZARR "
                + "LOCATION 'x' OPTIONS (a 1, b = 2, c => [3], d := 4, 'e.f' '5', g.h ('6', '7'), format csv)");
        assertEquals("a=1 b=2 c=[3] d=4 e.f='5' g.h=['6', '7'] format=csv", String.join(" ", create.options().stream()
                .map(option -> option.key() + "=" + AstPrinter.toSql(option.value())).toList()));
        assertEquals("ZARR", create.format().orElseThrow().name());
        assertEquals(Optional.of("x"), create.location());
    }

    @Test
    void argumentsOfTableFunctionsMayBeNamedWithAnEqualsSign() {
        TableReference.Function function = (TableReference.Function) select(
                "FROM read_zarr('x', group = 'a', axes => ['t'], b := 1, c = (d = e))").from().getFirst();
        assertEquals("- group axes b c", String.join(" ", function.arguments().stream()
                .map(argument -> argument.name().map(Identifier::name).orElse("-")).toList()));
        assertInstanceOf(SqlExpression.Binary.class,
                ((SqlExpression.FunctionCall) expression("f(a = 1)")).arguments().getFirst().value());
    }

    @Test
    void fromFirstMeansEveryColumn() {
        assertEquals("SELECT * FROM t WHERE (a > 1)", AstPrinter.toSql(SqlParser.parse("FROM t WHERE a > 1")));
        assertEquals("SELECT a FROM t", AstPrinter.toSql(SqlParser.parse("FROM t SELECT a")));
    }

    @Test
    void longChainsOfOrAndAndAreOneNode() {
        String sql = "a = 0" + " OR a = 1".repeat(5_000);
        assertEquals(5_001, ((SqlExpression.Or) expression(sql)).operands().size());
        assertEquals(5_001, ((SqlExpression.And) expression(sql.replace("OR", "AND"))).operands().size());
    }

    @Test
    void manyParenthesesLeaveNoTrace() {
        assertInstanceOf(SqlExpression.NumberLiteral.class, expression("(".repeat(1_000) + "1" + ")".repeat(1_000)));
        assertInstanceOf(SqlExpression.ScalarSubquery.class,
                expression("(".repeat(200) + "SELECT 1" + ")".repeat(200)));
    }

    @Test
    void whatIsTooDeepIsASyntaxError() {
        for (String sql : List.of("(".repeat(100_000), "(".repeat(50_000) + "1" + ")".repeat(50_000),
                "1" + " + 1".repeat(20_000), "NOT ".repeat(20_000) + "TRUE", "- ".repeat(20_000) + "1",
                "f(".repeat(1_500) + ")".repeat(1_500), "CASE WHEN ".repeat(5_000) + "1",
                "[".repeat(1_500) + "]".repeat(1_500),
                "1 UNION SELECT 1".repeat(1) + " UNION SELECT 1".repeat(5_000))) {
            assertThrows(SyntaxException.class, () -> SqlParser.parse("SELECT " + sql),
                    sql.substring(0, Math.min(40, sql.length())));
        }
    }

    @Test
    void aDeepTreeParsesOnASmallStack() throws InterruptedException {
        String sql = "SELECT " + "f(".repeat(900) + "1" + ")".repeat(900);
        StringBuilder outcome = new StringBuilder();
        Thread thread = new Thread(null, () -> outcome.append(SqlParser.parse(sql).getClass().getSimpleName()), "small",
                256 << 10);
        thread.start();
        thread.join();
        assertEquals("Query", outcome.toString());
    }

    @Test
    void keywordsAreTheSameInEveryCaseAndEveryLocale() {
        java.util.Locale before = java.util.Locale.getDefault();
        java.util.Locale.setDefault(java.util.Locale.of("tr", "TR"));
        try {
            assertEquals("SELECT i FROM t WHERE (i IN (1)) LIMIT 1",
                    AstPrinter.toSql(SqlParser.parse("select i from t where i in (1) limit 1")));
        } finally {
            java.util.Locale.setDefault(before);
        }
    }
}
