package dev.graticule.sql;

import java.util.List;
import java.util.Optional;

/** One SQL statement. */
public sealed interface Statement extends SqlNode {

    /** A query. */
    record Query(Position position, QueryExpression query) implements Statement {
    }

    // ---- definition

    /**
     * {@code CREATE TABLE name (columns) STORED AS format LOCATION '...' OPTIONS (...)}.
     *
     * @param columns the declared columns, empty if none are
     * @param format the word after STORED AS (or USING)
     */
    record CreateTable(Position position, boolean orReplace, boolean temporary, boolean external, boolean ifNotExists,
            List<Identifier> name, List<ColumnDefinition> columns, Optional<Identifier> format,
            Optional<String> location, List<Option> options) implements Statement {
    }

    /** {@code CREATE TABLE name (columns) AS query}; no columns named is an empty list. */
    record CreateTableAs(Position position, boolean orReplace, boolean temporary, boolean ifNotExists,
            List<Identifier> name, List<Identifier> columns, QueryExpression query,
            boolean withData) implements Statement {
    }

    /** {@code CREATE VIEW name (columns) AS query}; no columns named is an empty list. */
    record CreateView(Position position, boolean orReplace, boolean temporary, boolean ifNotExists,
            List<Identifier> name, List<Identifier> columns, QueryExpression query) implements Statement {
    }

    /** {@code DROP TABLE|VIEW|SCHEMA [IF EXISTS] a, b [CASCADE]}. */
    record Drop(Position position, DropKind kind, boolean ifExists, List<List<Identifier>> names,
            boolean cascade) implements Statement {
    }

    /** What DROP names. */
    enum DropKind {
        TABLE, VIEW, SCHEMA
    }

    /** A column of CREATE TABLE. */
    record ColumnDefinition(Position position, Identifier name, TypeName type, boolean notNull, boolean primaryKey,
            boolean unique, Optional<SqlExpression> defaultValue) implements SqlNode {
    }

    /**
     * One {@code key value}, {@code key => value}, {@code key = value} or {@code 'key' 'value'} of an option list.
     *
     * @param key as written, without quotes, parts joined with dots
     * @param value any expression: a word is a {@link SqlExpression.Name}, a list a {@link SqlExpression.Array}; TRUE
     *            where only the key stands
     */
    record Option(Position position, String key, SqlExpression value) implements SqlNode {
    }

    // ---- looking at things

    /** A statement that shows what there is. It may stand in FROM too. */
    sealed interface Look extends Statement {
    }

    /** {@code SHOW [ALL] TABLES [FROM schema]}. */
    record ShowTables(Position position, boolean all, List<Identifier> schema) implements Look {
    }

    /** {@code SHOW COLUMNS FROM table}. */
    record ShowColumns(Position position, Relation table) implements Look {
    }

    /** {@code SHOW FUNCTIONS}. */
    record ShowFunctions(Position position) implements Look {
    }

    /** {@code SHOW ALL}: every setting. */
    record ShowAll(Position position) implements Look {
    }

    /** {@code SHOW name}: a setting, or a table as DuckDB reads it. */
    record Show(Position position, List<Identifier> name) implements Look {
    }

    /** {@code DESCRIBE table|'path'|query}. */
    record Describe(Position position, Relation relation) implements Look {
    }

    /** {@code SUMMARIZE table|'path'|query}. */
    record Summarize(Position position, Relation relation) implements Look {
    }

    /** What DESCRIBE, SUMMARIZE and COPY are about. */
    sealed interface Relation extends SqlNode {

        /** A table by name. */
        record Table(Position position, List<Identifier> name) implements Relation {
        }

        /** A path in single quotes. */
        record Path(Position position, String path) implements Relation {
        }

        /** A query, or a call of a table function as {@code SELECT * FROM f(...)}. */
        record Subquery(Position position, QueryExpression query) implements Relation {
        }
    }

    /** {@code EXPLAIN [ANALYZE] [(options)] statement}. */
    record Explain(Position position, boolean analyze, List<Option> options, Statement statement) implements Statement {
    }

    // ---- stores, files, session

    /** {@code ATTACH [OR REPLACE] [IF NOT EXISTS] 'path' AS alias (options)}. */
    record Attach(Position position, boolean orReplace, boolean ifNotExists, String path, Optional<Identifier> alias,
            List<Option> options) implements Statement {
    }

    /** {@code DETACH [IF EXISTS] name}. */
    record Detach(Position position, boolean ifExists, Identifier name) implements Statement {
    }

    /** {@code COPY table|(query) TO 'path' (options)}; columns is empty where none are named. */
    record Copy(Position position, Relation source, List<Identifier> columns, String path,
            List<Option> options) implements Statement {
    }

    /** {@code SET [SESSION|GLOBAL] name = value}; several values where a list is written. */
    record SetOption(Position position, Scope scope, List<Identifier> name,
            List<SqlExpression> values) implements Statement {
    }

    /** {@code RESET [SESSION|GLOBAL] name}; an empty name is RESET ALL. */
    record ResetOption(Position position, Scope scope, List<Identifier> name) implements Statement {
    }

    /** How far a setting reaches. */
    enum Scope {
        DEFAULT, SESSION, LOCAL, GLOBAL
    }

    /** {@code PREPARE name (types) AS statement}; the types of the parameters from $1 on, as far as they are named. */
    record Prepare(Position position, Identifier name, List<TypeName> types, Statement statement) implements Statement {
    }

    /** {@code EXECUTE name (arguments)}. */
    record Execute(Position position, Identifier name, List<SqlExpression.Argument> arguments) implements Statement {
    }

    /** {@code DEALLOCATE [PREPARE] name}. */
    record Deallocate(Position position, Identifier name) implements Statement {
    }

    /** {@code USE schema}. */
    record Use(Position position, List<Identifier> name) implements Statement {
    }

    // ---- changing rows: parsed so that the error can say what it is

    /** {@code INSERT INTO table (columns) query}; the query is empty for DEFAULT VALUES. */
    record Insert(Position position, List<Identifier> table, List<Identifier> columns,
            Optional<QueryExpression> query) implements Statement {
    }

    /** {@code UPDATE table SET a = 1 WHERE ...}. */
    record Update(Position position, List<Identifier> table, List<Assignment> assignments,
            Optional<SqlExpression> where) implements Statement {
    }

    /** {@code column = value} of UPDATE. */
    record Assignment(Position position, Identifier column, SqlExpression value) implements SqlNode {
    }

    /** {@code DELETE FROM table WHERE ...}. */
    record Delete(Position position, List<Identifier> table, Optional<SqlExpression> where) implements Statement {
    }
}
