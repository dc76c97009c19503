/*
 * The sentences of the dialect. OPEN_QUERY is the parenthesis before a query, told apart from '(' by TokenReader, so that
 * no decision has to look past a run of parentheses. Operators stand in the order of their precedence, the tightest first.
 */
parser grammar GraticuleParser;

options {
    tokenVocab = GraticuleLexer;
}

statements: (statement? ';')* statement? EOF;

statement
    : query                                                                          # queryStatement
    | EXPLAIN ANALYZE? ('(' optionList ')')? statement                               # explain
    | CREATE (OR REPLACE)? (TEMP | TEMPORARY)? EXTERNAL? TABLE (IF NOT EXISTS)? qualifiedName
        ('(' columnDefinition (',' columnDefinition)* ','? ')')? tableClause*
        (AS query (WITH NO? DATA)?)?                                                 # createTable
    | CREATE (OR REPLACE)? (TEMP | TEMPORARY)? VIEW (IF NOT EXISTS)? qualifiedName columnNames? AS query # createView
    | DROP (TABLE | VIEW | SCHEMA) (IF EXISTS)? qualifiedName (',' qualifiedName)* (CASCADE | RESTRICT)? # drop
    | SHOW ALL? TABLES ((FROM | IN) qualifiedName)?                                  # showTables
    | SHOW COLUMNS (FROM | IN) relation                                              # showColumns
    | SHOW FUNCTIONS                                                                 # showFunctions
    | SHOW ALL                                                                       # showAll
    | SHOW qualifiedName                                                             # show
    | (DESCRIBE | DESC) relation?                                                    # describe
    | SUMMARIZE relation                                                             # summarize
    | ATTACH DATABASE? (IF NOT EXISTS)? string (AS identifier)? ('(' optionList ')')? # attach
    | DETACH DATABASE? (IF EXISTS)? identifier                                       # detach
    | COPY copySource TO string copyClause*                                          # copy
    | SET (SESSION | LOCAL | GLOBAL)? (TIME ZONE | qualifiedName (EQUAL | TO)) settingValue (',' settingValue)* # setOption
    | RESET (SESSION | LOCAL | GLOBAL)? (ALL | qualifiedName)                        # resetOption
    | PREPARE identifier AS statement                                                # prepare
    | EXECUTE identifier ('(' (argument (',' argument)*)? ')')?                      # execute
    | DEALLOCATE PREPARE? identifier                                                 # deallocate
    | USE qualifiedName                                                              # use
    | INSERT INTO qualifiedName columnNames? (query | DEFAULT VALUES)                # insert
    | UPDATE qualifiedName SET assignment (',' assignment)* where?                   # update
    | DELETE FROM qualifiedName where?                                               # delete
    ;

columnDefinition: label typeName? columnConstraint*;

columnConstraint
    : NOT? NULL
    | PRIMARY KEY
    | UNIQUE
    | DEFAULT valueExpression
    ;

tableClause
    : STORED AS identifier
    | USING identifier
    | LOCATION string
    | (OPTIONS | WITH) '(' optionList ')'
    ;

copySource
    : qualifiedName columnNames?
    | OPEN_QUERY query ')'
    ;

copyClause
    : STORED AS identifier
    | (OPTIONS | WITH)? '(' optionList ')'
    ;

optionList: (option (',' option)* ','?)?;

option: optionKey (('=>' | EQUAL | ':=')? expression)?;

optionKey
    : label ('.' label)*
    | STRING
    ;

settingValue
    : expression
    | ON
    | DEFAULT
    ;

assignment: label EQUAL expression;

relation
    : query
    | tableFunction
    | qualifiedName
    | string
    ;

// ---- queries

query: withClause? queryTerm orderBy? limitClause*;

withClause: WITH RECURSIVE? commonTable (',' commonTable)* ','?;

commonTable: identifier columnNames? AS (NOT? MATERIALIZED)? OPEN_QUERY query ')';

queryTerm
    : select                                                                         # selectTerm
    | VALUES row (',' row)* ','?                                                     # valuesTerm
    | TABLE qualifiedName                                                            # tableTerm
    | OPEN_QUERY query ')'                                                           # nestedTerm
    | queryTerm INTERSECT (ALL | DISTINCT)? (BY NAME)? queryTerm                     # setOperation
    | queryTerm (UNION | EXCEPT) (ALL | DISTINCT)? (BY NAME)? queryTerm              # setOperation
    ;

row
    : '(' expression (',' expression)* ','? ')'
    | OPEN_QUERY query ')'
    ;

select
    : SELECT selectQuantifier? selectList (FROM from)? selectClauses
    | FROM from (SELECT selectQuantifier? selectList)? selectClauses
    ;

selectQuantifier
    : ALL
    | DISTINCT (ON '(' expression (',' expression)* ','? ')')?
    ;

selectList: selectItem (',' selectItem)* ','?;

selectItem
    : star
    | expression (AS (label | string) | bareAlias)?
    ;

star: (identifier '.' (part '.')*)? '*' starModifier* (likeOperator valueExpression (ESCAPE valueExpression)?)?;

starModifier
    : (EXCLUDE | EXCEPT) (starColumn | '(' starColumn (',' starColumn)* ','? ')')
    | REPLACE (starReplacement | '(' starReplacement (',' starReplacement)* ','? ')')
    | RENAME (starRenaming | '(' starRenaming (',' starRenaming)* ','? ')')
    ;

starColumn: identifier ('.' part)?;

starReplacement: expression AS? identifier;

starRenaming: starColumn AS label;

selectClauses: where? groupBy? (HAVING expression)? qualify? windowClause? qualify? (USING SAMPLE sampleSize)?;

where: WHERE expression;

qualify: QUALIFY expression;

groupBy: GROUP BY (ALL | '*' | groupingElements ','?);

groupingElements: groupingElement (',' groupingElement)*;

groupingElement
    : '(' ')'                                                                        # emptyGrouping
    | ROLLUP '(' groupingElements ')'                                                # rollup
    | CUBE '(' groupingElements ')'                                                  # cube
    | GROUPING SETS '(' groupingElements ')'                                         # groupingSets
    | expression                                                                     # groupingExpression
    ;

windowClause: WINDOW namedWindow (',' namedWindow)*;

namedWindow: identifier AS windowDefinition;

orderBy: ORDER BY ((ALL | '*') sortDirection? nullOrder? | sortItems ','?);

sortItems: sortItem (',' sortItem)*;

sortItem: expression sortDirection? nullOrder?;

sortDirection
    : ASC
    | DESC
    ;

nullOrder: NULLS (FIRST | LAST);

limitClause
    : LIMIT (ALL | valueExpression (PERCENT | '%')?)                                 # limit
    | OFFSET valueExpression (ROW | ROWS)?                                           # offset
    | FETCH (FIRST | NEXT) valueExpression? PERCENT? (ROW | ROWS) (ONLY | WITH TIES) # fetch
    ;

// ---- FROM

from: tableReference (',' tableReference)* ','?;

tableReference
    : tablePrimary                                                                   # primaryTable
    | tableReference NATURAL joinType? JOIN tablePrimary                             # naturalJoin
    | tableReference (CROSS | POSITIONAL) JOIN tablePrimary                          # crossJoin
    | tableReference ASOF? joinType? JOIN tableReference joinCondition               # conditionJoin
    ;

joinType
    : INNER
    | (LEFT | RIGHT | FULL) OUTER?
    | (LEFT | RIGHT)? (SEMI | ANTI)
    ;

joinCondition
    : ON expression
    | USING '(' label (',' label)* ','? ')'
    ;

tablePrimary: tableSource tableSample? (tableAlias tableSample?)?;

tableSource
    : LATERAL? OPEN_QUERY query ')'                                                  # subqueryTable
    | '(' tableReference ')'                                                         # nestedTable
    | LATERAL? tableFunction                                                         # functionTable
    | VALUES row (',' row)*                                                          # valuesTable
    | qualifiedName                                                                  # namedTable
    | string                                                                         # pathTable
    ;

tableFunction: functionName ('.' part)* '(' (tableArgument (',' tableArgument)* ','?)? ')' (WITH ORDINALITY)?;

tableArgument
    : label EQUAL expression
    | argument
    ;

tableAlias
    : AS (identifier | string) columnNames?
    | bareAlias columnNames?
    ;

columnNames: '(' label typeName? (',' label typeName?)* ','? ')';

tableSample: TABLESAMPLE sampleSize;

sampleSize
    : (identifier '(' sampleAmount ')' | sampleAmount ('(' identifier (',' NUMBER)? ')')?) (REPEATABLE '(' expression ')')?
    ;

sampleAmount: (NUMBER | parameter | '(' expression ')') ('%' | PERCENT | ROWS)?;

// ---- expressions

expression
    : valueExpression                                                                # value
    | expression NOT? IN (OPEN_QUERY query ')' | '(' expression (',' expression)* ','? ')' | collection) # in
    | expression NOT? BETWEEN SYMMETRIC? valueExpression AND valueExpression  # between
    | expression likeOperator valueExpression (ESCAPE valueExpression)?              # like
    | expression comparison (ANY | SOME | ALL) (OPEN_QUERY query ')' | '(' expression ')') # quantified
    | expression comparison expression                                               # compare
    | expression IS NOT? DISTINCT FROM expression                                    # isDistinct
    | expression (IS NOT? (NULL | TRUE | FALSE | UNKNOWN) | NOT NULL | ISNULL | NOTNULL)        # is
    | NOT expression                                                                 # not
    | expression AND expression                                                      # and
    | expression OR expression                                                       # or
    ;

comparison
    : EQUAL
    | NOT_EQUAL
    | LESS
    | LESS_OR_EQUAL
    | GREATER
    | GREATER_OR_EQUAL
    ;

likeOperator
    : NOT? (LIKE | ILIKE | SIMILAR TO | GLOB)
    | LIKE_OPERATOR
    | NOT_LIKE_OPERATOR
    | ILIKE_OPERATOR
    | NOT_ILIKE_OPERATOR
    ;

valueExpression
    : primary                                                                        # primaryValue
    | (MINUS | PLUS) valueExpression                                                 # sign
    | valueExpression COLLATE qualifiedName                                          # collate
    | valueExpression AT TIME ZONE valueExpression                                   # atTimeZone
    | valueExpression CARET valueExpression                                          # binary
    | valueExpression (STAR | SLASH | DOUBLE_SLASH | PERCENT_SIGN) valueExpression   # binary
    | valueExpression (PLUS | MINUS) valueExpression                                 # binary
    | valueExpression (CONCATENATION | AMPERSAND | PIPE | HASH | SHIFT_LEFT | SHIFT_RIGHT | TILDE | TILDE_STAR
        | NOT_TILDE | NOT_TILDE_STAR | STARTS_WITH | CONTAINS | CONTAINED_BY | OVERLAPS | ARROW | DOUBLE_ARROW)
        valueExpression                                                              # binary
    | (TILDE | AT_SIGN) valueExpression                                              # prefix
    ;

primary
    : NULL                                                                           # nullLiteral
    | (TRUE | FALSE)                                                                 # booleanLiteral
    | NUMBER                                                                         # numberLiteral
    | string                                                                         # stringLiteral
    | BLOB                                                                           # blobLiteral
    | INTERVAL (string | (PLUS | MINUS)? NUMBER | parameter | '(' expression ')') (INTERVAL_UNIT (TO INTERVAL_UNIT)?)? # interval
    | simpleType string                                                              # typedLiteral
    | parameter                                                                      # parameterValue
    | HASH NUMBER                                                                    # placeReference
    | CASE expression? when+ (ELSE expression)? END                                  # case
    | (CAST | TRY_CAST) '(' expression AS typeName ')'                               # cast
    | EXTRACT '(' (identifier | string) FROM expression ')'                          # extract
    | SUBSTRING '(' expression (FROM expression (FOR expression)? | FOR expression (FROM expression)?
        | (',' expression)* ) ')'                                                    # substring
    | POSITION '(' valueExpression (IN valueExpression | (',' valueExpression)*) ')' # positionIn
    | TRIM '(' (LEADING | TRAILING | BOTH)? (FROM expression | expression (FROM expression | (',' expression)*)) ')' # trim
    | OVERLAY '(' expression (PLACING expression FROM expression (FOR expression)? | (',' expression)*) ')' # overlay
    | (CURRENT_CATALOG | CURRENT_DATE | CURRENT_ROLE | CURRENT_SCHEMA | CURRENT_TIME | CURRENT_TIMESTAMP | CURRENT_USER
        | LOCALTIME | LOCALTIMESTAMP | SESSION_USER | USER) ('(' ')')?               # currentValue
    | EXISTS OPEN_QUERY query ')'                                                    # exists
    | ARRAY OPEN_QUERY query ')'                                                     # arraySubquery
    | listLiteral                                                                    # list
    | '{' (structField (',' structField)* ','?)? '}'                                 # struct
    | MAP '{' (mapEntry (',' mapEntry)* ','?)? '}'                                   # map
    | ROW '(' (expression (',' expression)* ','?)? ')'                               # rowValue
    | OPEN_QUERY query ')'                                                           # scalarSubquery
    | '(' expression (',' (expression (',' expression)* ','?)?)? ')'                 # parenthesised
    | functionCall                                                                   # function
    | identifier                                                                     # name
    | primary '.' part callTail?                                                     # member
    | primary '[' expression? sliceTo? ']'                                           # subscript
    | primary '::' typeName                                                          # castPostfix
    ;

string
    : STRING
    | ESCAPE_STRING
    | DOLLAR_STRING
    ;

parameter
    : QUESTION
    | PARAMETER
    | ':' identifier
    ;

when: WHEN expression THEN expression;

sliceTo: ':' expression? (':' expression?)?;

listLiteral
    : ARRAY? '[' (expression (',' expression)* ','?)? ']'
    | '[' expression FOR label (',' label)? IN expression (IF expression)? ']'
    ;

collection
    : listLiteral
    | functionCall
    | parameter
    | identifier ('.' part)*
    ;

structField: (label | string) ':' expression;

mapEntry: expression ':' expression;

functionCall: functionName callTail;

callTail: '(' (ALL | DISTINCT)? (argument (',' argument)* ','?)? (ORDER BY sortItems)? nullTreatment? ')'
    (WITHIN GROUP '(' ORDER BY sortItems ')')?
    (FILTER '(' WHERE? expression ')')?
    nullTreatment?
    (OVER (windowDefinition | identifier))?;

nullTreatment: (IGNORE | RESPECT) NULLS;

argument
    : star
    | label ('=>' | ':=') expression
    | lambda
    | expression
    ;

lambda
    : identifier '->' expression
    | '(' identifier (',' identifier)* ')' '->' expression
    | LAMBDA identifier (',' identifier)* ':' expression
    ;

windowDefinition
    : '(' identifier? (PARTITION BY expression (',' expression)* ','?)? (ORDER BY sortItems)? frame? ')'
    ;

frame: (ROWS | RANGE | GROUPS) (frameBound | BETWEEN frameBound AND frameBound) frameExclusion?;

frameBound
    : UNBOUNDED (PRECEDING | FOLLOWING)
    | CURRENT ROW
    | valueExpression (PRECEDING | FOLLOWING)
    ;

frameExclusion: EXCLUDE (CURRENT ROW | GROUP | TIES | NO OTHERS);

// ---- types

typeName: simpleType (ARRAY? '[' NUMBER? ']' | ARRAY)*;

simpleType
    : DOUBLE PRECISION?                                                              # namedType
    | CHARACTER VARYING? typeModifiers?                                              # namedType
    | (TIME | TIMESTAMP) typeModifiers? ((WITH | WITHOUT) TIME ZONE)?                # namedType
    | INTERVAL (INTERVAL_UNIT (TO INTERVAL_UNIT)?)? typeModifiers?                   # namedType
    | (STRUCT | ROW) '(' typeField (',' typeField)* ')'                              # structType
    | MAP '(' typeName ',' typeName ')'                                              # mapType
    | typeWord ('.' part)* typeModifiers? UNSIGNED?                                  # namedType
    ;

typeWord
    : IDENTIFIER
    | QUOTED_IDENTIFIER
    | INTERVAL_UNIT
    | NAME
    ;

typeModifiers: '(' MINUS? NUMBER (',' MINUS? NUMBER)* ')';

typeField: label typeName;

// ---- names

qualifiedName: identifier ('.' part)*;

// After a dot every word is a name: TokenReader has already turned keywords there into identifiers.
part
    : IDENTIFIER
    | QUOTED_IDENTIFIER
    ;

// A name of a column, a table, an alias after AS.
identifier
    : IDENTIFIER
    | QUOTED_IDENTIFIER
    | free
    | freeButNotAsBareAlias
    | specialFunction
    ;

// An alias without AS.
bareAlias
    : IDENTIFIER
    | QUOTED_IDENTIFIER
    | free
    | specialFunction
    ;

functionName
    : IDENTIFIER
    | QUOTED_IDENTIFIER
    | free
    | freeButNotAsBareAlias
    | LEFT
    | RIGHT
    | LIKE
    | ILIKE
    | GLOB
    ;

// After AS, in option lists and wherever else no keyword can be meant.
label
    : identifier
    | reserved
    ;

free
    : ANALYZE | ATTACH | BY | CASCADE | CHARACTER | COLUMNS | COPY | CURRENT | DATA | DATABASE | DEALLOCATE | DELETE
    | DETACH | DOUBLE | EXECUTE | EXPLAIN | EXTERNAL | FIRST | FOLLOWING | FUNCTIONS | GLOBAL | GROUPING | IF | INSERT
    | INTERVAL_UNIT | KEY | LAMBDA | LAST | LOCAL | MAP | MATERIALIZED | NAME | NEXT | NO | NULLS | ONLY | ORDINALITY
    | OTHERS | PARTITION | PRECEDING | PRECISION | PREPARE | RECURSIVE | REPEATABLE | RESET | RESTRICT | SAMPLE | SCHEMA
    | SESSION | SETS | STRUCT | TABLES | TEMP | TEMPORARY | TIES | TIME | TIMESTAMP | UNKNOWN | UPDATE | USE | VARYING
    | VIEW | ZONE
    ;

freeButNotAsBareAlias
    : ANTI | ASOF | AT | ESCAPE | EXCLUDE | FILTER | GROUPS | IGNORE | LOCATION | OPTIONS | OVER | PERCENT | POSITIONAL
    | RANGE | RENAME | REPLACE | RESPECT | ROWS | SEMI | SET | STORED | UNBOUNDED | UNSIGNED | WITHIN
    | WITHOUT
    ;

// Names that have a syntax of their own when a parenthesis follows.
specialFunction
    : CUBE | EXTRACT | INTERVAL | OVERLAY | POSITION | ROLLUP | ROW | SUBSTRING | TRIM | TRY_CAST | VALUES
    ;

reserved
    : ALL | AND | ANY | ARRAY | AS | ASC | BETWEEN | BOTH | CASE | CAST | COLLATE | CREATE | CROSS | CURRENT_CATALOG
    | CURRENT_DATE | CURRENT_ROLE | CURRENT_SCHEMA | CURRENT_TIME | CURRENT_TIMESTAMP | CURRENT_USER | DEFAULT | DESC
    | DESCRIBE | DISTINCT | DROP | ELSE | END | EXCEPT | EXISTS | FALSE | FETCH | FOR | FROM | FULL | GLOB | GROUP
    | HAVING | ILIKE | IN | INNER | INTERSECT | INTO | IS | ISNULL | JOIN | LATERAL | LEADING | LEFT | LIKE | LIMIT
    | LOCALTIME | LOCALTIMESTAMP | NATURAL | NOT | NOTNULL | NULL | OFFSET | ON | OR | ORDER | OUTER | PLACING | PRIMARY
    | QUALIFY | RIGHT | SELECT | SESSION_USER | SHOW | SIMILAR | SOME | SUMMARIZE | SYMMETRIC | TABLE | TABLESAMPLE | THEN | TO
    | TRAILING | TRUE | UNION | UNIQUE | USER | USING | WHEN | WHERE | WINDOW | WITH
    ;
