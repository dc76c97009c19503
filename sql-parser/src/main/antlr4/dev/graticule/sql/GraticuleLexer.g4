/*
 * The words of the dialect. Keywords have no rules here: a word comes out as IDENTIFIER, and TokenReader gives it its
 * keyword type by a table lookup, whatever its case. That keeps the automaton small, so the first query parses fast.
 * Every name in tokens { } is a keyword, except the last ones.
 */
lexer grammar GraticuleLexer;

tokens {
    ALL, ANALYZE, AND, ANTI, ANY, ARRAY, AS, ASC, ASOF, AT, ATTACH, BETWEEN, BOTH, BY, CASCADE, CASE, CAST, CHARACTER,
    COLLATE, COLUMNS, COPY, CREATE, CROSS, CUBE, CURRENT, CURRENT_CATALOG, CURRENT_DATE, CURRENT_ROLE, CURRENT_SCHEMA,
    CURRENT_TIME, CURRENT_TIMESTAMP, CURRENT_USER, DATA, DATABASE, DEALLOCATE, DEFAULT, DELETE, DESC, DESCRIBE, DETACH,
    DISTINCT, DOUBLE, DROP, ELSE, END, ESCAPE, EXCEPT, EXCLUDE, EXECUTE, EXISTS, EXPLAIN, EXTERNAL, EXTRACT, FALSE,
    FETCH, FILTER, FIRST, FOLLOWING, FOR, FROM, FULL, FUNCTIONS, GLOB, GLOBAL, GROUP, GROUPING, GROUPS, HAVING, IF,
    IGNORE, ILIKE, IN, INNER, INSERT, INTERSECT, INTERVAL, INTO, IS, ISNULL, JOIN, KEY, LAMBDA, LAST, LATERAL, LEADING,
    LEFT, LIKE, LIMIT, LOCAL, LOCALTIME, LOCALTIMESTAMP, LOCATION, MAP, MATERIALIZED, NAME, NATURAL, NEXT, NO, NOT,
    NOTNULL, NULL, NULLS, OFFSET, ON, ONLY, OPTIONS, OR, ORDER, ORDINALITY, OTHERS, OUTER, OVER, OVERLAY, PARTITION,
    PERCENT, PLACING, POSITION, POSITIONAL, PRECEDING, PRECISION, PREPARE, PRIMARY, QUALIFY, RANGE, RECURSIVE, RENAME,
    REPEATABLE, REPLACE, RESET, RESPECT, RESTRICT, RIGHT, ROLLUP, ROW, ROWS, SAMPLE, SCHEMA, SELECT, SEMI, SESSION,
    SESSION_USER, SET, SETS, SHOW, SIMILAR, SOME, STORED, SUBSTRING, SUMMARIZE, SYMMETRIC, TABLE, TABLES, TABLESAMPLE,
    TEMP, TEMPORARY, THEN, TIES, TIME, TIMESTAMP, TO, TRAILING, TRIM, TRUE, TRY_CAST, UNBOUNDED, UNION, UNIQUE, UNKNOWN, UNSIGNED,
    UPDATE, USE, USER, USING, VALUES, VARYING, VIEW, WHEN, WHERE, WINDOW, WITH, WITHIN, WITHOUT, ZONE,

    // Not keywords but made by TokenReader:
    INTERVAL_UNIT,      // DAY, hours, ...: see IntervalUnit
    BREADTH, CYCLE, DEPTH, FORMAT, SEARCH, VERBOSE, // words that are names wherever their syntax does not follow
    OPEN_EMPTY,         // the parenthesis of () in GROUP BY
    OPEN_QUERY,         // the parenthesis that opens a query; every other one is OPEN
    ROW_VALUE,          // ROW before a parenthesis
    TRAILING_COMMA,     // a comma before the end of a list
    WITH_ORDINALITY,    // WITH before ORDINALITY
    LAMBDA_AHEAD,       // before x -> ...
    LOOSE_AHEAD,        // before a prefix operator ~ or @ that stands at the head of an operand
    NAME_AHEAD,         // before name => ...
    NULLS_AHEAD,        // before IGNORE NULLS at the end of arguments
    STAR_AHEAD,         // before t.*
    UNPACK_AHEAD,       // before *COLUMNS(...)
    TYPE_AHEAD          // before DATE '...' and other typed literals
}

@members {
    /** Reads on after the opening mark of a dollar-quoted string up to the same tag again. */
    private void finishDollarString() {
        String tag = getText();
        StringBuilder seen = new StringBuilder();
        while (true) {
            int next = _input.LA(1);
            if (next == CharStream.EOF) {
                setType(UNTERMINATED_STRING);
                return;
            }
            getInterpreter().consume(_input);
            seen.appendCodePoint(next);
            if (next == '$' && seen.length() >= tag.length() && seen.indexOf(tag, seen.length() - tag.length()) >= 0) {
                return;
            }
        }
    }
}

SPACE: [ \t\r\n\u000B\f\u0085\u00A0\u1680\u2000-\u200B\u2028\u2029\u202F\u205F\u3000\uFEFF]+ -> skip;
LINE_COMMENT: '--' ~[\r\n]* -> skip;
BLOCK_COMMENT: '/*' (BLOCK_COMMENT | .)*? '*/' -> skip;
UNTERMINATED_COMMENT: '/*';

// Strings that follow each other on different lines are one string, as in the standard.
STRING: QUOTED (STRING_GAP QUOTED)*;
ESCAPE_STRING: [eE] '\'' (~['\\] | '\'\'' | '\\' .)* '\'';
// U&'d\0061ta' and U&"d\0061ta": UnicodeEscapes makes a string and a name of them.
UNICODE_STRING: [uU] '&' QUOTED (STRING_GAP QUOTED)*;
UNICODE_IDENTIFIER: [uU] '&' '"' (~'"' | '""')* '"';
BLOB: [xX] '\'' ~'\''* '\'';
DOLLAR_STRING: '$' (WORD_START PLAIN_PART*)? '$' { finishDollarString(); };
UNTERMINATED_STRING: '\'' (~'\'' | '\'\'')*;
fragment QUOTED: '\'' (~'\'' | '\'\'')* '\'';
fragment STRING_GAP: [ \t\r\f]* '\n' [ \t\r\n\f]*;

QUOTED_IDENTIFIER: '"' (~'"' | '""')* '"';
UNTERMINATED_IDENTIFIER: '"' (~'"' | '""')*;
BACKTICK_IDENTIFIER: '`' ~'`'* '`'?;

NUMBER
    : DIGITS ('.' DIGITS?)? EXPONENT?
    | '.' DIGITS EXPONENT?
    | '0' [xX] [0-9a-fA-F_]+
    | '0' [bB] [01_]+
    | '0' [oO] [0-7_]+
    ;
// 2m_temperature: a name that begins with a digit, or a slip of the finger. Never a number with an alias.
MALFORMED_NUMBER: (DIGITS ('.' DIGITS?)? | '.' DIGITS) WORD_START WORD_PART*;
fragment DIGITS: [0-9] ('_'? [0-9])*;
fragment EXPONENT: [eE] [+\-]? DIGITS;

PARAMETER: '$' (DIGITS | WORD_START PLAIN_PART*);

IDENTIFIER: WORD_START WORD_PART*;
// Beyond ASCII everything is a letter, except blanks, punctuation and symbols: coarse on purpose, to keep this small.
fragment WORD_START: [a-zA-Z_\u00AA\u00B5\u00BA\u00C0-\u167F\u1681-\u1FFF\u2C00-\u2DFF\u3005-\uFEFE\uFF10-\u{10FFFF}];
fragment PLAIN_PART: WORD_START | [0-9];
fragment WORD_PART: PLAIN_PART | '$';

OPEN: '(';
CLOSE: ')';
OPEN_BRACKET: '[';
CLOSE_BRACKET: ']';
OPEN_BRACE: '{';
CLOSE_BRACE: '}';
COMMA: ',';
SEMICOLON: ';';
DOT: '.';
COLON: ':';
DOUBLE_COLON: '::';
ASSIGN: ':=';
NAMED: '=>';
ARROW: '->';
DOUBLE_ARROW: '->>';
QUESTION: '?';
EQUAL: '=' | '==';
NOT_EQUAL: '<>' | '!=';
LESS: '<';
LESS_OR_EQUAL: '<=';
GREATER: '>';
GREATER_OR_EQUAL: '>=';
PLUS: '+';
MINUS: '-';
STAR: '*';
SLASH: '/';
DOUBLE_SLASH: '//';
PERCENT_SIGN: '%';
CARET: '^' | '**';
CONCATENATION: '||';
AMPERSAND: '&';
PIPE: '|';
HASH: '#';
SHIFT_LEFT: '<<';
SHIFT_RIGHT: '>>';
TILDE: '~';
TILDE_STAR: '~*';
NOT_TILDE: '!~';
NOT_TILDE_STAR: '!~*';
LIKE_OPERATOR: '~~';
NOT_LIKE_OPERATOR: '!~~';
ILIKE_OPERATOR: '~~*';
NOT_ILIKE_OPERATOR: '!~~*';
AT_SIGN: '@';
STARTS_WITH: '^@';
CONTAINS: '@>';
CONTAINED_BY: '<@';
OVERLAPS: '&&';
FACTORIAL: '!';

STRAY: .;
