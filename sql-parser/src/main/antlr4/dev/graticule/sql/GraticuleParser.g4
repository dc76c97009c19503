/*
 * The sentences of the dialect. Nearly every decision is made on one token, so that the parser is fast from its first query
 * on: where one token does not tell, TokenReader looks ahead and changes the token (OPEN_QUERY is the parenthesis before a
 * query, TRAILING_COMMA a comma before the end of a list) or puts a marker before it (the ..._AHEAD tokens, which have no
 * text). Each level of operators has its rule, the loosest first, in PostgreSQL's order.
 */
parser grammar GraticuleParser;

options {
    tokenVocab = GraticuleLexer;
}

statements: statement? (';' statement?)* EOF;

statement
    : query                                                                          # queryStatement
    | EXPLAIN ANALYZE? VERBOSE? (FORMAT label)? ('(' optionList ')')? statement      # explain
    | CREATE (OR REPLACE)? (TEMP | TEMPORARY)? (createTable | createView)            # create
    | DROP (TABLE | VIEW | SCHEMA) (IF EXISTS)? qualifiedName (',' qualifiedName)* (CASCADE | RESTRICT)? # drop
    | look                                                                           # lookStatement
    | ATTACH (OR REPLACE)? DATABASE? (IF NOT EXISTS)? string (AS identifier)? ('(' optionList ')')? # attach
    | DETACH DATABASE? (IF EXISTS)? identifier                                       # detach
    | COPY copySource TO string copyClause*                                          # copy
    | SET (SESSION | LOCAL | GLOBAL)? (TIME ZONE | qualifiedName (EQUAL | TO)) settingValue (',' settingValue)* # setOption
    | RESET (SESSION | LOCAL | GLOBAL)? (ALL | qualifiedName)                        # resetOption
    | PREPARE identifier ('(' typeName (',' typeName)* TRAILING_COMMA? ')')? AS statement # prepare
    | EXECUTE identifier ('(' (argument (',' argument)*)? ')')?                      # execute
    | DEALLOCATE PREPARE? identifier                                                 # deallocate
    | USE qualifiedName                                                              # use
    | INSERT INTO qualifiedName columnNames? (query | DEFAULT VALUES)                # insert
    | UPDATE qualifiedName SET assignment (',' assignment)* where?                   # update
    | DELETE FROM qualifiedName where?                                               # delete
    ;

// Statements about tables, which may stand in FROM too.
look
    : SHOW (ALL? TABLES ((FROM | IN) qualifiedName)? | COLUMNS (FROM | IN) relation | FUNCTIONS | ALL | query | qualifiedName) # show
    | (DESCRIBE | DESC) relation?                                                    # describe
    | SUMMARIZE relation                                                             # summarize
    ;

createTable: EXTERNAL? TABLE (IF NOT EXISTS)? qualifiedName
    ('(' columnDefinition (',' columnDefinition)* TRAILING_COMMA? ')')? tableClause*
    (AS query (WITH NO? DATA)?)?;

createView: VIEW (IF NOT EXISTS)? qualifiedName columnNames? AS query;

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
    : (qualifiedName | string) columnNames?
    | OPEN_QUERY query ')'
    ;

copyClause
    : STORED AS identifier
    | (OPTIONS | WITH)? '(' optionList ')'
    ;

optionList: (option (',' option)* TRAILING_COMMA?)?;

option: optionKey (('=>' | EQUAL | ':=')? expression)?;

optionKey
    : (TYPE_AHEAD | NAME_AHEAD)? label ('.' label)*
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
    | functionName ('.' part)* tableArguments?
    | TABLE? string
    ;

// ---- queries

query: withClause? queryBody orderBy? limitClause*;

withClause: WITH RECURSIVE? commonTable (',' commonTable)* TRAILING_COMMA?;

commonTable: alias columnNames? (USING KEY '(' expression (',' expression)* TRAILING_COMMA? ')')?
    AS (NOT? MATERIALIZED)? OPEN_QUERY rows ')' searchClause? cycleClause?;

searchClause: SEARCH (DEPTH | BREADTH) FIRST BY identifier (',' identifier)* SET identifier;

cycleClause: CYCLE identifier (',' identifier)* SET identifier (TO expression DEFAULT expression)? USING identifier;

// What stands in parentheses in FROM and in WITH.
rows
    : query
    | look
    ;

queryBody: queryTerm (unionTail queryTerm)*;

unionTail: (UNION | EXCEPT) (ALL | DISTINCT)? (BY NAME)?;

queryTerm: queryPrimary (intersectTail queryPrimary)*;

intersectTail: INTERSECT (ALL | DISTINCT)? (BY NAME)?;

queryPrimary
    : select                                                                         # selectPrimary
    | VALUES row (',' row)* TRAILING_COMMA?                                          # valuesPrimary
    | TABLE qualifiedName                                                            # tablePrimaryQuery
    | OPEN_QUERY query ')'                                                           # nestedPrimary
    ;

row
    : '(' expression (',' expression)* TRAILING_COMMA? ')'
    | OPEN_QUERY query ')'
    ;

select
    : SELECT selectQuantifier? selectList (FROM from)? selectClauses
    | FROM from (SELECT selectQuantifier? selectList)? selectClauses
    ;

selectQuantifier
    : ALL
    | DISTINCT (ON '(' expression (',' expression)* TRAILING_COMMA? ')')?
    ;

selectList: selectItem (',' selectItem)* TRAILING_COMMA?;

selectItem
    : star (AS (label | string))?
    | expression (AS (label | string) | bareAlias)?
    ;

star: (STAR_AHEAD identifier '.' (part '.')*)? '*' starModifier* (NOT? likeTail)?;

starModifier
    : EXCLUDE (starColumn | '(' starColumn (',' starColumn)* TRAILING_COMMA? ')')
    | REPLACE (starReplacement | '(' starReplacement (',' starReplacement)* TRAILING_COMMA? ')')
    | RENAME (starRenaming | '(' starRenaming (',' starRenaming)* TRAILING_COMMA? ')')
    ;

starColumn: identifier ('.' part)?;

starReplacement: expression AS identifier;

starRenaming: starColumn AS label;

selectClauses: where? groupBy? (HAVING expression)? qualify? (windowClause qualify?)? (USING SAMPLE sampleSize)?;

where: WHERE expression;

qualify: QUALIFY expression;

groupBy: GROUP BY (ALL (groupingElements TRAILING_COMMA?)? | '*' | DISTINCT? groupingElements TRAILING_COMMA?);

groupingElements: groupingElement (',' groupingElement)*;

groupingElement
    : OPEN_EMPTY ')'                                                                 # emptyGrouping
    | ROLLUP '(' groupingElements ')'                                                # rollup
    | CUBE '(' groupingElements ')'                                                  # cube
    | GROUPING SETS '(' groupingElements ')'                                         # groupingSets
    | expression                                                                     # groupingExpression
    ;

windowClause: WINDOW namedWindow (',' namedWindow)*;

namedWindow: identifier AS windowDefinition;

orderBy: ORDER BY ((ALL | '*') sortDirection? nullOrder? | sortItems TRAILING_COMMA?);

sortItems: sortItem (',' sortItem)*;

sortItem: expression (sortDirection | USING comparisonOperator)? nullOrder?;

sortDirection
    : ASC
    | DESC
    ;

nullOrder: NULLS (FIRST | LAST);

limitClause
    : LIMIT (ALL | valueExpression PERCENT?)                                 # limit
    | OFFSET valueExpression (ROW | ROWS)?                                           # offset
    | FETCH (FIRST | NEXT) valueExpression? PERCENT? (ROW | ROWS) (ONLY | WITH TIES) # fetch
    ;

// ---- FROM

from: tableReference (',' tableReference)* TRAILING_COMMA?;

tableReference: tablePrimary joinTail*;

joinTail
    : NATURAL joinType? JOIN tablePrimary                                            # naturalJoin
    | (CROSS | POSITIONAL) JOIN tablePrimary                                         # crossJoin
    | ASOF? joinType? JOIN tableReference joinCondition                              # conditionJoin
    ;

joinType
    : INNER
    | (LEFT | RIGHT) (OUTER | SEMI | ANTI)?
    | FULL OUTER?
    | SEMI
    | ANTI
    ;

joinCondition
    : ON expression
    | USING '(' label (',' label)* TRAILING_COMMA? ')'
    ;

tablePrimary: tableSource tableSample? (tableAlias tableSample?)?;

tableSource
    : LATERAL (OPEN_QUERY query ')' | functionName ('.' part)* tableArguments)       # lateralTable
    | OPEN_QUERY rows ')'                                                            # subqueryTable
    | '(' tableReference ')'                                                         # nestedTable
    | functionName ('.' part)* tableArguments?                              # namedTable
    | VALUES row (',' row)*                                                          # valuesTable
    | string                                                                         # pathTable
    ;

tableArguments: '(' (argument (',' argument)* TRAILING_COMMA?)? ')' (WITH_ORDINALITY ORDINALITY)?;

tableAlias
    : AS alias columnNames?
    | bareAlias columnNames?
    ;

alias
    : identifier
    | VALUES
    | ROW_VALUE
    | string
    ;

columnNames: '(' label typeName? (',' label typeName?)* TRAILING_COMMA? ')';

tableSample: TABLESAMPLE sampleSize;

sampleSize
    : (identifier '(' sampleAmount ')' | sampleAmount ('(' identifier (',' NUMBER)? ')')?) (REPEATABLE '(' expression ')')?
    ;

sampleAmount: (NUMBER | parameter | '(' expression ')') ('%' | PERCENT | ROWS)?;

// ---- expressions

expression: conjunction (OR conjunction)*;

conjunction: negation (AND negation)*;

negation
    : NOT negation
    | truth
    ;

truth: comparison truthTail*;

truthTail
    : IS NOT? (NULL | TRUE | FALSE | UNKNOWN | DISTINCT FROM comparison)
    | ISNULL
    | NOTNULL
    ;

comparison: predicate comparisonTail*;

comparisonTail: comparisonOperator (quantified | NOT predicate | predicate);

quantified: (ANY | SOME | ALL) (OPEN_QUERY query ')' | '(' expression (',' expression)* TRAILING_COMMA? ')');

predicate: valueExpression predicateTail*;

predicateTail
    : NOT? (inTail | betweenTail | likeTail | NULL)
    | (LIKE_OPERATOR | NOT_LIKE_OPERATOR | ILIKE_OPERATOR | NOT_ILIKE_OPERATOR) valueExpression
    ;

inTail: IN (OPEN_QUERY query ')' | '(' expression (',' expression)* TRAILING_COMMA? ')' | collection);

betweenTail: BETWEEN SYMMETRIC? valueExpression AND valueExpression;

likeTail: (LIKE | ILIKE | SIMILAR TO | GLOB) (quantified | valueExpression (ESCAPE valueExpression)?);

comparisonOperator
    : EQUAL
    | NOT_EQUAL
    | LESS
    | LESS_OR_EQUAL
    | GREATER
    | GREATER_OR_EQUAL
    ;

// Operators that are not arithmetic, and the prefix operators ~ and @, which bind as loosely at the head of an operand
// (and tightly in the middle of one).
valueExpression: loose (otherOperator loose)*;

loose
    : LOOSE_AHEAD (TILDE | AT_SIGN) loose
    | sum
    ;

otherOperator
    : CONCATENATION
    | AMPERSAND
    | PIPE
    | HASH
    | SHIFT_LEFT
    | SHIFT_RIGHT
    | TILDE
    | TILDE_STAR
    | NOT_TILDE
    | NOT_TILDE_STAR
    | STARTS_WITH
    | CONTAINS
    | CONTAINED_BY
    | OVERLAPS
    | ARROW
    | DOUBLE_ARROW
    ;

sum: product ((PLUS | MINUS) product)*;

product: power ((STAR | SLASH | DOUBLE_SLASH | PERCENT_SIGN) power)*;

power: zoned (CARET zoned)*;

zoned: collated (AT TIME ZONE collated)*;

collated: signed (COLLATE qualifiedName)*;

signed
    : (MINUS | PLUS | TILDE | AT_SIGN) signed
    | primary
    ;

primary: atom postfix*;

postfix
    : '.' part callTail?                                                             # member
    | '.' '*'                                                                        # memberStar
    | '[' (sliceTo | expression sliceTo?) ']'                                        # subscript
    | '::' typeName                                                                  # castPostfix
    | '!'                                                                            # factorial
    ;

atom
    : NULL                                                                           # nullLiteral
    | (TRUE | FALSE)                                                                 # booleanLiteral
    | NUMBER                                                                         # numberLiteral
    | string                                                                         # stringLiteral
    | BLOB                                                                           # blobLiteral
    | INTERVAL (string | (PLUS | MINUS)? NUMBER | parameter | '(' expression ')') (INTERVAL_UNIT (TO INTERVAL_UNIT)?)? # interval
    | TYPE_AHEAD simpleType string                                                   # typedLiteral
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
    | ARRAY (OPEN_QUERY query ')' | '[' (expression (',' expression)* TRAILING_COMMA?)? ']') # array
    | list                                                                           # listValue
    | '{' (structField (',' structField)* TRAILING_COMMA?)? '}'                      # struct
    | MAP '{' (mapEntry (',' mapEntry)* TRAILING_COMMA?)? '}'                        # map
    | ROW_VALUE '(' (expression (',' expression)* TRAILING_COMMA?)? ')'              # rowValue
    | OPEN_QUERY query ')'                                                           # scalarSubquery
    | '(' expression (',' expression)* TRAILING_COMMA? ')'                           # parenthesised
    | functionName callTail?                                                         # name
    | UNPACK_AHEAD '*' functionName callTail                                         # unpack
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

sliceTo: ':' (expression? (':' expression?)? | MINUS ':' expression?);

list: '[' (expression (FOR label (',' label)? IN expression (IF expression)? | (',' expression)* TRAILING_COMMA?))? ']';

collection
    : list
    | parameter
    | functionName ('.' part)* callTail?
    ;

structField: (label | string) ':' expression;

mapEntry: expression ':' expression;

callTail: '(' (ALL | DISTINCT)? (argument (',' argument)* TRAILING_COMMA?)? (ORDER BY sortItems)? (NULLS_AHEAD nullTreatment)? ')'
    (WITHIN GROUP '(' ORDER BY sortItems ')')?
    (FILTER '(' WHERE? expression ')')?
    nullTreatment?
    (OVER (windowDefinition | identifier))?;

nullTreatment: (IGNORE | RESPECT) NULLS;

argument
    : star
    | NAME_AHEAD label ('=>' | ':=') expression
    | lambda
    | expression
    ;

lambda
    : LAMBDA_AHEAD identifier '->' expression
    | LAMBDA_AHEAD '(' identifier (',' identifier)* ')' '->' expression
    | LAMBDA identifier (',' identifier)* ':' expression
    ;

windowDefinition
    : '(' identifier? (PARTITION BY expression (',' expression)* TRAILING_COMMA?)? (ORDER BY sortItems)? frame? ')'
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
    | CHARACTER VARYING? typeArguments?                                              # namedType
    | (TIME | TIMESTAMP) typeArguments? ((WITH | WITHOUT) TIME ZONE)?                # namedType
    | INTERVAL (INTERVAL_UNIT (TO INTERVAL_UNIT)?)?                                  # namedType
    | typeWord ('.' part)* typeArguments? UNSIGNED?                                  # namedType
    | UNION typeArguments                                                            # namedType
    ;

typeWord
    : IDENTIFIER
    | QUOTED_IDENTIFIER
    | INTERVAL_UNIT
    | NAME
    | ROW_VALUE
    ;

typeArguments: '(' typeArgument (',' typeArgument)* TRAILING_COMMA? ')';

// A number, a value of an enumeration, a type, or the name of a field before its type.
typeArgument
    : MINUS? NUMBER
    | string
    | label typeName
    | typeName
    ;

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
    ;

// An alias without AS.
bareAlias
    : IDENTIFIER
    | QUOTED_IDENTIFIER
    | free
    ;

functionName: identifier;

// After AS, in option lists and wherever else no keyword can be meant.
label
    : identifier
    | reserved
    ;

// TokenReader turns further keywords into identifiers where their syntax does not follow, such as "position" without '('.
free
    : ANALYZE | ATTACH | BY | CASCADE | CHARACTER | COLUMNS | COPY | CURRENT | DATA | DATABASE | DEALLOCATE | DELETE
    | DETACH | DOUBLE | EXECUTE | EXPLAIN | EXTERNAL | FIRST | FOLLOWING | FUNCTIONS | GLOBAL | IF | INSERT
    | INTERVAL_UNIT | KEY | LAST | LOCAL | MATERIALIZED | NAME | NEXT | NO | NULLS | ONLY | ORDINALITY | OTHERS
    | PARTITION | PRECEDING | PRECISION | PREPARE | RECURSIVE | REPEATABLE | RESET | RESTRICT | ROW | SAMPLE | SCHEMA
    | SESSION | SETS | TABLES | TEMP | TEMPORARY | TIES | TIME | TIMESTAMP | UNKNOWN | UPDATE | USE | VARYING | VIEW
    | ZONE
    ;

freeButNotAsBareAlias
    : ANTI | ASOF | ESCAPE | EXCLUDE | GROUPS | LOCATION | OPTIONS | PERCENT | POSITIONAL | RANGE | RENAME | REPLACE
    | ROWS | SEMI | SET | STORED | UNBOUNDED | UNSIGNED | WITHOUT
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
