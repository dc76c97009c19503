/**
 * SQL text to syntax tree. {@link dev.graticule.sql.SqlParser} is the way in, {@link dev.graticule.sql.AstPrinter} the way
 * back, {@link dev.graticule.sql.ErrorText} shows where an error stands. The tree is made of plain records under
 * the sealed interfaces {@link dev.graticule.sql.Statement}, {@link dev.graticule.sql.QueryBody},
 * {@link dev.graticule.sql.TableReference}, {@link dev.graticule.sql.GroupingElement} and
 * {@link dev.graticule.sql.SqlExpression}.
 *
 * <p>
 * Every node knows its {@link dev.graticule.sql.Position}. A part of a node that the text may leave out is an
 * {@link java.util.Optional} component or an empty list, never null. All lists are unmodifiable, all nodes immutable and
 * free to share between threads. Nothing here knows types, tables or functions: that is the binder's work.
 */
package dev.graticule.sql;
