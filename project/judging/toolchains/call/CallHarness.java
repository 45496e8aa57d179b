import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Calls a method of the answer, and replies with its value: project/judging/call_harness.py describes both texts. */
public final class CallHarness {
    private static final int REPLY = 3;
    private static final int MAX_TYPES = 20;
    private static final int MAX_MESSAGE = 8192;

    public static void main(String[] words) throws Exception {
        OutputStream channel = openReply();
        Map<?, ?> call = (Map<?, ?>) new Reader(new String(System.in.readAllBytes(), StandardCharsets.US_ASCII)).value(0);
        int status = 1;
        String reply;
        try {
            Object value = call((String) call.get("function"), words[0], (List<?>) call.get("arguments"));
            reply = "{\"value\":" + new Writer().value(value, 0) + "}";
            status = 0;
        } catch (InvocationTargetException wrapped) {
            print(wrapped.getCause());
            reply = "{\"raised\":" + raised(wrapped.getCause()) + "}";
        } catch (ExceptionInInitializerError early) {
            print(early.getCause());
            reply = "{\"failed\":\"Your answer ended with this exception before the call.\"}";
        } catch (CallFailed failure) {
            reply = "{\"failed\":" + new Writer().value(failure.getMessage(), 0) + "}";
        }
        channel.write(reply.getBytes(StandardCharsets.UTF_8));
        System.out.flush();
        System.exit(status); // also when the answer has started threads
    }

    private static OutputStream openReply() throws ReflectiveOperationException {
        Constructor<FileDescriptor> constructor = FileDescriptor.class.getDeclaredConstructor(int.class);
        constructor.setAccessible(true);
        return new FileOutputStream(constructor.newInstance(REPLY));
    }

    private static Object call(String name, String main, List<?> arguments) throws ReflectiveOperationException {
        List<Method> methods = methods(name, main);
        if (methods.isEmpty())
            throw new CallFailed("Your answer defines no method `" + name + "`.");
        methods.removeIf(method -> method.getParameterCount() != arguments.size());
        CallFailed failure = new CallFailed("`" + name + "` has to accept this number of arguments: " + arguments.size() + ".");
        for (Method method : methods) { // of those with the same name, the first with suitable types
            try {
                return invoke(method, arguments);
            } catch (CallFailed failed) {
                failure = failed;
            }
        }
        throw failure;
    }

    /** Return the methods with a name: those of the main class first. */
    private static List<Method> methods(String name, String main) throws ClassNotFoundException {
        List<Method> found = new ArrayList<>();
        for (String holder : classes())
            for (Method method : Class.forName(holder, false, CallHarness.class.getClassLoader()).getDeclaredMethods())
                if (method.getName().equals(name) && !method.isSynthetic()) found.add(method);
        Comparator<Method> isOfOther = Comparator.comparing(method -> !method.getDeclaringClass().getName().equals(main));
        found.sort(isOfOther.thenComparing(Method::toString));
        return found;
    }

    /** Return the names of the classes of the answer that are not in another class. */
    private static List<String> classes() {
        List<String> found = new ArrayList<>();
        for (String file : new File(System.getProperty("java.class.path")).list())
            if (file.endsWith(".class") && !file.contains("$") && !file.equals("CallHarness.class"))
                found.add(file.substring(0, file.length() - ".class".length()));
        return found;
    }

    private static Object invoke(Method method, List<?> arguments) throws ReflectiveOperationException {
        Object[] values = new Object[arguments.size()];
        Type[] types = method.getGenericParameterTypes();
        for (int i = 0; i < values.length; i++) {
            try {
                values[i] = Converter.convert(arguments.get(i), types[i]);
            } catch (IllegalArgumentException | ArithmeticException unsuitable) {
                throw new CallFailed("The type of parameter " + (i + 1) + " of `" + method.getName() + "` is "
                        + types[i].getTypeName() + ", which is not that of the argument.");
            }
        }
        Object target = null;
        if (!Modifier.isStatic(method.getModifiers())) target = instance(method.getDeclaringClass());
        method.setAccessible(true);
        return method.invoke(target, values);
    }

    private static Object instance(Class<?> type) throws ReflectiveOperationException {
        try {
            Constructor<?> constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            return constructor.newInstance();
        } catch (NoSuchMethodException | InstantiationException absent) {
            throw new CallFailed(type.getName() + " has to have a constructor without parameters.");
        }
    }

    /** Print what was thrown, without the frames of the harness. */
    private static void print(Throwable thrown) {
        StackTraceElement[] frames = thrown.getStackTrace();
        int own = 0;
        while (own < frames.length && !frames[own].getClassName().startsWith("jdk.internal.reflect.")) own++;
        thrown.setStackTrace(Arrays.copyOf(frames, own));
        thrown.printStackTrace();
    }

    /** Return what was thrown as JSON. */
    private static String raised(Throwable thrown) {
        Set<String> types = new LinkedHashSet<>();
        for (Class<?> type = thrown.getClass(); type != Object.class && types.size() < MAX_TYPES; type = type.getSuperclass())
            types.add(type.getSimpleName());
        String message = thrown.getMessage() == null ? "" : thrown.getMessage();
        if (message.length() > MAX_MESSAGE) message = message.substring(0, MAX_MESSAGE);
        return new Writer().value(Map.of("types", List.copyOf(types), "message", message), 0);
    }

    /** The method cannot be called, or its value cannot be sent. The message is for the learner. */
    private static final class CallFailed extends RuntimeException {
        private static final long serialVersionUID = 1;

        CallFailed(String message) {
            super(message);
        }
    }

    /** Converts values of JSON to the types of parameters. */
    private static final class Converter {
        private static final List<Class<?>> COLLECTIONS =
                List.of(ArrayList.class, LinkedHashSet.class, TreeSet.class, ArrayDeque.class);
        private static final List<Class<?>> MAPS = List.of(LinkedHashMap.class, TreeMap.class);

        static Object convert(Object value, Type type) throws ReflectiveOperationException {
            if (type instanceof ParameterizedType generic)
                return convert(value, (Class<?>) generic.getRawType(), generic.getActualTypeArguments());
            if (type instanceof GenericArrayType array) return array(value, array.getGenericComponentType());
            if (type instanceof WildcardType wildcard) return convert(value, wildcard.getUpperBounds()[0]);
            if (type instanceof TypeVariable<?> variable) return convert(value, variable.getBounds()[0]);
            return convert(value, (Class<?>) type, new Type[] {Object.class, Object.class});
        }

        private static Object convert(Object value, Class<?> type, Type[] parts) throws ReflectiveOperationException {
            if (type == Optional.class) return value == null ? Optional.empty() : Optional.of(convert(value, parts[0]));
            if (value == null && !type.isPrimitive()) return null;
            if (type == Object.class) return natural(value);
            if (type.isArray()) return array(value, type.getComponentType());
            if (Map.class.isAssignableFrom(type)) return map(value, type, parts);
            if (Iterable.class.isAssignableFrom(type)) return collection(value, type, parts[0]);
            if (value instanceof Boolean && (type == boolean.class || type == Boolean.class)) return value;
            if (value instanceof String text) return text(text, type);
            if (type == double.class || type == Double.class) return real(value);
            if (type == float.class || type == Float.class) return real(value).floatValue();
            if (value instanceof BigDecimal number) return number(number, type);
            throw new IllegalArgumentException();
        }

        private static Object text(String text, Class<?> type) {
            if (type.isInstance(text)) return text; // String, CharSequence, Comparable
            if ((type == char.class || type == Character.class) && text.length() == 1) return text.charAt(0);
            throw new IllegalArgumentException();
        }

        private static Object number(BigDecimal number, Class<?> type) {
            if (type == int.class || type == Integer.class) return number.intValueExact();
            if (type == long.class || type == Long.class) return number.longValueExact();
            if (type == short.class || type == Short.class) return number.shortValueExact();
            if (type == byte.class || type == Byte.class) return number.byteValueExact();
            if (type == BigInteger.class) return number.toBigIntegerExact();
            if (type == BigDecimal.class) return number;
            if (type == Number.class) return natural(number);
            throw new IllegalArgumentException();
        }

        private static Double real(Object value) {
            if (value instanceof BigDecimal number) return number.doubleValue();
            if (!(form(value, "$float") instanceof String name)) throw new IllegalArgumentException();
            if (name.equals("nan")) return Double.NaN;
            return name.equals("inf") ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
        }

        private static Object array(Object value, Type component) throws ReflectiveOperationException {
            List<?> items = items(value);
            Object array = Array.newInstance(raw(component), items.size());
            for (int i = 0; i < items.size(); i++) Array.set(array, i, convert(items.get(i), component));
            return array;
        }

        private static Object collection(Object value, Class<?> type, Type item) throws ReflectiveOperationException {
            @SuppressWarnings("unchecked")
            Collection<Object> made = (Collection<Object>) made(type, COLLECTIONS);
            for (Object each : items(value)) made.add(convert(each, item));
            return made;
        }

        private static Object map(Object value, Class<?> type, Type[] parts) throws ReflectiveOperationException {
            if (!(value instanceof Map<?, ?> members)) throw new IllegalArgumentException();
            @SuppressWarnings("unchecked")
            Map<Object, Object> made = (Map<Object, Object>) made(type, MAPS);
            boolean hasNumbers = parts[0] instanceof Class<?> key && Number.class.isAssignableFrom(key);
            for (Map.Entry<?, ?> member : members.entrySet()) {
                Object key = hasNumbers ? new BigDecimal((String) member.getKey()) : member.getKey();
                made.put(convert(key, parts[0]), convert(member.getValue(), parts[1]));
            }
            return made;
        }

        /** Return an object of a class, or of the first class that implements an interface. */
        private static Object made(Class<?> type, List<Class<?>> classes) throws ReflectiveOperationException {
            Class<?> chosen = type;
            if (Modifier.isAbstract(type.getModifiers()))
                chosen = classes.stream().filter(type::isAssignableFrom).findFirst().orElseThrow(IllegalArgumentException::new);
            return chosen.getDeclaredConstructor().newInstance();
        }

        /** Return a value for a parameter that takes any object. */
        private static Object natural(Object value) {
            if (form(value, "$float") != null) return real(value);
            if (form(value, "$set") instanceof List<?> items) return new LinkedHashSet<>((List<?>) natural(items));
            if (value instanceof List<?> items) {
                List<Object> made = new ArrayList<>();
                for (Object item : items) made.add(natural(item));
                return made;
            }
            if (value instanceof Map<?, ?> members) {
                Map<Object, Object> made = new LinkedHashMap<>();
                members.forEach((key, item) -> made.put(key, natural(item)));
                return made;
            }
            if (!(value instanceof BigDecimal number)) return value;
            if (number.scale() > 0) return number.doubleValue();
            BigInteger whole = number.toBigInteger();
            if (whole.bitLength() < Integer.SIZE) return whole.intValue();
            return whole.bitLength() < Long.SIZE ? (Object) whole.longValue() : whole;
        }

        private static List<?> items(Object value) {
            Object items = value instanceof List ? value : form(value, "$set");
            if (items instanceof List<?> list) return list;
            throw new IllegalArgumentException();
        }

        /** Return the content of a form, such as {"$set": [1, 2]}; null if the value is not that form. */
        private static Object form(Object value, String name) {
            return value instanceof Map<?, ?> members && members.size() == 1 ? members.get(name) : null;
        }

        private static Class<?> raw(Type type) {
            if (type instanceof Class<?> itself) return itself;
            if (type instanceof ParameterizedType generic) return (Class<?>) generic.getRawType();
            if (type instanceof GenericArrayType array) return raw(array.getGenericComponentType()).arrayType();
            return Object.class;
        }
    }

    /** Reads JSON: lists, maps, strings, BigDecimal, Boolean, null. */
    private static final class Reader {
        private static final int MAX_DEPTH = 100;
        private final String text;
        private int place;

        Reader(String text) {
            this.text = text;
        }

        Object value(int depth) {
            if (depth > MAX_DEPTH) throw new CallFailed("The arguments are nested too deeply.");
            switch (next()) {
                case '{': return map(depth);
                case '[': return list(depth);
                case '"': return string();
                case 't': return word("true", true);
                case 'f': return word("false", false);
                case 'n': return word("null", null);
                default: return number();
            }
        }

        private Object map(int depth) {
            Map<String, Object> map = new LinkedHashMap<>();
            for (place++; next() != '}'; skip(',')) {
                String key = string();
                next();
                skip(':');
                map.put(key, value(depth + 1));
            }
            place++;
            return map;
        }

        private Object list(int depth) {
            List<Object> list = new ArrayList<>();
            for (place++; next() != ']'; skip(',')) list.add(value(depth + 1));
            place++;
            return list;
        }

        private String string() {
            StringBuilder read = new StringBuilder();
            for (place++; text.charAt(place) != '"'; place++) {
                if (text.charAt(place) == '\\') read.append(escaped());
                else read.append(text.charAt(place));
            }
            place++;
            return read.toString();
        }

        /** Return the character of an escape, of which a surrogate pair has two; leave the place at its last character. */
        private char escaped() {
            char kind = text.charAt(++place);
            int simple = "bfnrt".indexOf(kind);
            if (simple >= 0) return "\b\f\n\r\t".charAt(simple);
            if (kind != 'u') return kind;
            place += 4;
            return (char) Integer.parseInt(text.substring(place - 3, place + 1), 16);
        }

        private BigDecimal number() {
            int start = place;
            while (place < text.length() && "+-.eE0123456789".indexOf(text.charAt(place)) >= 0) place++;
            return new BigDecimal(text.substring(start, place));
        }

        private Object word(String word, Object value) {
            place += word.length();
            return value;
        }

        /** Return the next character that is no space. */
        private char next() {
            while (text.charAt(place) == ' ') place++;
            return text.charAt(place);
        }

        private void skip(char separator) {
            if (next() == separator) place++;
        }
    }

    /** Writes JSON, with {"$set": [...]} for a set, and {"$float": "nan"} and the like for numbers that JSON lacks. */
    private static final class Writer {
        private static final int MAX_VALUE_BYTES = 64 * 1024;
        private static final int MAX_DEPTH = 90;
        private static final int MAX_DIGITS = 4000;
        private final StringBuilder text = new StringBuilder();

        String value(Object value, int depth) {
            write(value, depth);
            if (text.toString().getBytes(StandardCharsets.UTF_8).length > MAX_VALUE_BYTES) throw tooLong();
            return text.toString();
        }

        private static CallFailed tooLong() {
            return new CallFailed("The value is longer than " + MAX_VALUE_BYTES + " bytes as JSON.");
        }

        private void write(Object value, int depth) {
            if (text.length() > MAX_VALUE_BYTES) throw tooLong();
            if (depth > MAX_DEPTH) throw new CallFailed("The value is nested too deeply.");
            if (value == null || value instanceof Boolean) text.append(value);
            else if (value instanceof Double || value instanceof Float) real((Number) value);
            else if (value instanceof Number) number((Number) value);
            else if (value instanceof CharSequence || value instanceof Character || value instanceof Enum)
                string(value.toString());
            else if (value instanceof Optional<?> optional) write(optional.orElse(null), depth);
            else if (value instanceof Map<?, ?> map) members(map, depth + 1);
            else if (value instanceof Set<?> set) {
                text.append("{\"$set\":");
                items(set, depth + 2);
                text.append('}');
            } else if (value instanceof Iterable<?> iterable) items(iterable, depth + 1);
            else if (value.getClass().isArray()) array(value, depth + 1);
            else throw new CallFailed("The value is no JSON value: it is of type " + value.getClass().getName() + ".");
        }

        private void real(Number value) {
            double real = value.doubleValue();
            if (Double.isNaN(real)) text.append("{\"$float\":\"nan\"}");
            else if (Double.isInfinite(real)) text.append("{\"$float\":\"").append(real < 0 ? "-inf" : "inf").append("\"}");
            else text.append(value);
        }

        private void number(Number value) {
            String digits = value.toString();
            if (digits.length() > MAX_DIGITS) throw new CallFailed("The number has more than " + MAX_DIGITS + " digits.");
            text.append(digits);
        }

        private void members(Map<?, ?> map, int depth) {
            String separator = "{";
            for (Map.Entry<?, ?> member : map.entrySet()) {
                text.append(separator);
                string(String.valueOf(member.getKey()));
                text.append(':');
                write(member.getValue(), depth);
                separator = ",";
            }
            text.append(map.isEmpty() ? "{}" : "}");
        }

        private void items(Iterable<?> items, int depth) {
            text.append('[');
            String separator = "";
            for (Object item : items) {
                text.append(separator);
                write(item, depth);
                separator = ",";
            }
            text.append(']');
        }

        private void array(Object array, int depth) {
            text.append('[');
            for (int i = 0; i < Array.getLength(array); i++) {
                if (i > 0) text.append(',');
                write(Array.get(array, i), depth);
            }
            text.append(']');
        }

        private void string(String string) {
            if (string.length() > MAX_VALUE_BYTES) throw tooLong();
            text.append('"');
            string.codePoints().forEach(character -> {
                boolean isLoneSurrogate = character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE;
                if (character < ' ' || isLoneSurrogate) text.append(String.format("\\u%04x", character));
                else if (character == '"' || character == '\\') text.append('\\').append((char) character);
                else text.appendCodePoint(character);
            });
            text.append('"');
        }
    }
}
