package dev.graticule.python;

import dev.graticule.Engine;
import dev.graticule.GraticuleException;
import dev.graticule.bind.SqlTree;
import dev.graticule.sql.SqlNode;
import dev.graticule.sql.SqlParser;
import dev.graticule.sql.Statement;
import dev.graticule.sql.SyntaxException;
import dev.graticule.sql.TableReference;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What Python needs to know of a statement before it is run.
 *
 * @param kind what becomes of it
 * @param text the text up to the statement's end, without a semicolon
 * @param tables the first parts of the names that stand where tables do
 */
public record StatementText(Kind kind, String text, List<String> tables) {

    /** What becomes of a statement. */
    public enum Kind {
        /** A query: it can stand in a FROM, and runs when it is read. */
        QUERY,
        /** It gives rows when it is read, and cannot stand in a FROM: EXPLAIN, SHOW, DESCRIBE and the like. */
        ROWS,
        /** It changes or writes something: CREATE, SET, COPY and the like. */
        EFFECT
    }

    /**
     * Parses a statement.
     *
     * @throws GraticuleException of kind SYNTAX, as {@link Engine#query}
     */
    public static StatementText of(Engine engine, String sql) {
        Statement statement;
        try {
            statement = SqlParser.parse(sql);
        } catch (SyntaxException problem) {
            engine.query(sql);
            throw problem;
        }
        Set<String> tables = new LinkedHashSet<>();
        SqlTree.walkAll(statement, node -> collect(node, tables));
        return new StatementText(kind(statement), sql.substring(0, statement.position().end()), List.copyOf(tables));
    }

    private static void collect(SqlNode node, Set<String> tables) {
        if (node instanceof TableReference.Named named) {
            tables.add(named.name().getFirst().name());
        }
        if (node instanceof Statement.Relation.Table table) {
            tables.add(table.name().getFirst().name());
        }
    }

    private static Kind kind(Statement statement) {
        return switch (statement) {
            case Statement.Query query -> Kind.QUERY;
            case Statement.ShowTables show -> Kind.ROWS;
            case Statement.ShowColumns show -> Kind.ROWS;
            case Statement.ShowFunctions show -> Kind.ROWS;
            case Statement.ShowAll show -> Kind.ROWS;
            case Statement.Show show -> Kind.ROWS;
            case Statement.Describe describe -> Kind.ROWS;
            case Statement.Summarize summarize -> Kind.ROWS;
            case Statement.Explain explain -> Kind.ROWS;
            case Statement.Execute execute -> Kind.ROWS;
            case Statement.CreateTable create -> Kind.EFFECT;
            case Statement.CreateTableAs create -> Kind.EFFECT;
            case Statement.CreateView create -> Kind.EFFECT;
            case Statement.Drop drop -> Kind.EFFECT;
            case Statement.Attach attach -> Kind.EFFECT;
            case Statement.Detach detach -> Kind.EFFECT;
            case Statement.Copy copy -> Kind.EFFECT;
            case Statement.SetOption set -> Kind.EFFECT;
            case Statement.ResetOption reset -> Kind.EFFECT;
            case Statement.Prepare prepare -> Kind.EFFECT;
            case Statement.Deallocate deallocate -> Kind.EFFECT;
            case Statement.Use use -> Kind.EFFECT;
            case Statement.Insert insert -> Kind.EFFECT;
            case Statement.Update update -> Kind.EFFECT;
            case Statement.Delete delete -> Kind.EFFECT;
        };
    }
}
