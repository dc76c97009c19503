package dev.graticule.sql;

import dev.graticule.sql.GraticuleParser.NamedTypeContext;
import dev.graticule.sql.GraticuleParser.SimpleTypeContext;
import dev.graticule.sql.GraticuleParser.TypeArgumentContext;
import dev.graticule.sql.GraticuleParser.TypeArgumentsContext;
import dev.graticule.sql.GraticuleParser.TypeNameContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.TerminalNode;

/** Makes identifiers, strings and types of the parse tree. */
final class NameBuilder {

    private final SourceText source;

    NameBuilder(SourceText source) {
        this.source = source;
    }

    /** The identifier that a rule of one token holds. */
    Identifier identifier(ParserRuleContext context) {
        return identifier(context.getStart());
    }

    Identifier identifier(Token token) {
        String text = token.getText();
        if (token.getType() == GraticuleParser.QUOTED_IDENTIFIER) {
            return new Identifier(source.position(token),
                    text.substring(1, text.length() - 1).replace("\"\"", "\""), true);
        }
        return new Identifier(source.position(token), text, false);
    }

    List<Identifier> identifiers(List<? extends ParserRuleContext> contexts) {
        return contexts.stream().map(this::identifier).toList();
    }

    /** The identifiers among the children of a dotted name. */
    List<Identifier> parts(ParserRuleContext dotted) {
        List<Identifier> parts = new ArrayList<>();
        for (ParseTree child : dotted.children) {
            if (child instanceof ParserRuleContext part) {
                parts.add(identifier(part));
            }
        }
        return List.copyOf(parts);
    }

    /** The same of a name that may be left out; {@code context} is null then. */
    List<Identifier> partsIfAny(ParserRuleContext context) {
        return context == null ? List.of() : parts(context);
    }

    /** The identifier that a string stands for, as in {@code AS 'name'} and {@code {'name': 1}}. */
    Identifier quoted(GraticuleParser.StringContext context) {
        return new Identifier(source.position(context), string(context), true);
    }

    List<Identifier> columnNames(GraticuleParser.ColumnNamesContext context) {
        return context == null ? List.of() : identifiers(context.label());
    }

    String string(GraticuleParser.StringContext context) {
        Token token = context.getStart();
        String text = token.getText();
        return switch (token.getType()) {
            case GraticuleParser.STRING -> plain(text);
            case GraticuleParser.ESCAPE_STRING -> escaped(text.substring(2, text.length() - 1), token);
            default -> {
                int mark = text.indexOf('$', 1) + 1;
                yield text.substring(mark, text.length() - mark);
            }
        };
    }

    /** The pieces of a string that may go on over several lines, without their quotes. */
    static String plain(String text) {
        StringBuilder value = new StringBuilder();
        boolean inside = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\'') {
                if (inside) {
                    value.append(c);
                }
            } else if (inside && i + 1 < text.length() && text.charAt(i + 1) == '\'') {
                value.append(c);
                i++;
            } else {
                inside = !inside;
            }
        }
        return value.toString();
    }

    private String escaped(String text, Token token) {
        StringBuilder value = new StringBuilder();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i++);
            if (c == '\'') {
                value.append(c);
                i++;
            } else if (c != '\\') {
                value.append(c);
            } else {
                char escape = text.charAt(i++);
                switch (escape) {
                    case 'n' -> value.append('\n');
                    case 't' -> value.append('\t');
                    case 'r' -> value.append('\r');
                    case 'b' -> value.append('\b');
                    case 'f' -> value.append('\f');
                    case 'x' -> i = appendCode(value, text, i, 16, 2, token);
                    case 'u' -> i = appendCode(value, text, i, 16, 4, token);
                    case 'U' -> i = appendCode(value, text, i, 16, 8, token);
                    case '0', '1', '2', '3', '4', '5', '6', '7' -> i = appendCode(value, text, i - 1, 8, 3, token);
                    default -> value.append(escape);
                }
            }
        }
        return value.toString();
    }

    private int appendCode(StringBuilder value, String text, int start, int radix, int maximumDigits, Token token) {
        int end = start;
        int code = 0;
        while (end < text.length() && end - start < maximumDigits && Character.digit(text.charAt(end), radix) >= 0
                && code <= Character.MAX_CODE_POINT) {
            code = code * radix + Character.digit(text.charAt(end), radix);
            end++;
        }
        if (end == start || !Character.isValidCodePoint(code)) {
            throw new SyntaxException("This string holds an escape that is no character.", source.position(token), "",
                    List.of());
        }
        value.appendCodePoint(code);
        return end;
    }

    // ---- types

    TypeName type(TypeNameContext context) {
        TypeName type = simpleType(context.simpleType());
        Position start = type.position();
        int size = -1;
        for (ParseTree child : context.children) {
            if (!(child instanceof TerminalNode node)) {
                continue;
            }
            Token token = node.getSymbol();
            if (token.getType() == GraticuleParser.NUMBER) {
                size = number(token, false);
            } else if (token.getType() == GraticuleParser.CLOSE_BRACKET) {
                type = new TypeName.Array(start.through(source.position(token)), type, size);
                size = -1;
            } else if (token.getType() == GraticuleParser.ARRAY && !bracketFollows(context, child)) {
                type = new TypeName.Array(start.through(source.position(token)), type, -1);
            }
        }
        return type;
    }

    private static boolean bracketFollows(TypeNameContext context, ParseTree child) {
        int next = context.children.indexOf(child) + 1;
        return next < context.getChildCount() && context.getChild(next) instanceof TerminalNode node
                && node.getSymbol().getType() == GraticuleParser.OPEN_BRACKET;
    }

    TypeName simpleType(SimpleTypeContext context) {
        NamedTypeContext named = (NamedTypeContext) context;
        Position position = source.position(context);
        StringBuilder name = new StringBuilder();
        boolean quoted = false;
        for (ParseTree child : named.children) {
            switch (child) {
                case TypeArgumentsContext _ -> {
                    // read below
                }
                case ParserRuleContext part -> {
                    Identifier word = identifier(part);
                    quoted |= word.quoted();
                    name.append(word.quoted() ? word.name() : word.name().toUpperCase(Locale.ROOT));
                }
                case TerminalNode word when word.getSymbol().getType() == GraticuleParser.DOT -> name.append('.');
                case TerminalNode word -> name.append(name.isEmpty() ? "" : " ")
                        .append(word.getText().toUpperCase(Locale.ROOT));
                default -> throw new IllegalStateException("no part of a type: " + child.getText());
            }
        }
        List<TypeArgumentContext> arguments = named.typeArguments() == null ? List.of()
                : named.typeArguments().typeArgument();
        if (!quoted && !arguments.isEmpty()) {
            switch (name.toString()) {
                case "STRUCT", "ROW" -> {
                    return new TypeName.Struct(position, arguments.stream().map(this::field).toList());
                }
                case "MAP" -> {
                    boolean two = arguments.size() == 2
                            && arguments.stream()
                                    .allMatch(argument -> argument.typeName() != null && argument.label() == null);
                    if (!two) {
                        throw new SyntaxException("MAP takes the type of its keys and the type of its values.",
                                position, "Write MAP(key type, value type).", List.of());
                    }
                    return new TypeName.Map(position, type(arguments.get(0).typeName()),
                            type(arguments.get(1).typeName()));
                }
                case "UNION" -> {
                    return new TypeName.Union(position, arguments.stream().map(this::field).toList());
                }
                case "ENUM" -> {
                    return new TypeName.Enumeration(position, arguments.stream().map(this::enumerated).toList());
                }
                default -> {
                    // a type whose arguments are numbers
                }
            }
        }
        return new TypeName.Simple(position, name.toString(), arguments.stream().map(this::modifier).toList());
    }

    private TypeName.Field field(TypeArgumentContext context) {
        if (context.label() == null) {
            throw new SyntaxException("Expected the name of a field and its type.", source.position(context), "",
                    List.of("a name"));
        }
        return new TypeName.Field(source.position(context), identifier(context.label()),
                type(context.typeName()));
    }

    private String enumerated(TypeArgumentContext context) {
        if (context.string() == null) {
            throw new SyntaxException("Expected a string, found '" + context.getStart().getText() + "'.",
                    source.position(context), "Write ENUM('a', 'b').", List.of("a string"));
        }
        return string(context.string());
    }

    private int modifier(TypeArgumentContext context) {
        if (context.NUMBER() == null) {
            throw new SyntaxException("Expected a number, found '" + context.getStart().getText() + "'.",
                    source.position(context), "", List.of("a number"));
        }
        return number(context.NUMBER().getSymbol(), context.MINUS() != null);
    }

    /** A small whole number, such as a precision or an ordinal. */
    int number(Token token, boolean negative) {
        try {
            int value = Integer.parseInt(token.getText().replace("_", ""));
            return negative ? -value : value;
        } catch (NumberFormatException _) {
            throw new SyntaxException("Expected a small whole number, found '" + token.getText() + "'.",
                    source.position(token), "", List.of("a number"));
        }
    }
}
