import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

public class Answer {
    static int add(int a, int b) { return a + b; }
    static String greet(String name) { return "Hé \"" + name + "\"\n\u0001"; }
    static Map<String, double[]> table(Map<String, double[]> given) {
        given.put("b", new double[] {0.1, 1e300, 5});
        return given;
    }
    List<List<Integer>> grid(int size) {
        List<List<Integer>> rows = new ArrayList<>();
        for (int i = 0; i < size; i++) rows.add(new ArrayList<>(java.util.Collections.nCopies(size, 1)));
        return rows;
    }
    static Optional<Long> maybe(Optional<Long> value) { return value; }
    static boolean negated(boolean value) { return !value; }
    static double divided(double a, double b) { return a / b; }
    static void printing(int[] values) { System.out.print("{\"value\": 7}"); }
    static String longText() { return "x".repeat(70000); }
    static int forever(int n) { return forever(n + 1) + 1; }
    static int leaving() { System.exit(0); return 5; }

    static class TooSmall extends IllegalArgumentException {
        private static final long serialVersionUID = 1;
        TooSmall(String message) { super(message); }
    }
    static int checked(int n) {
        if (n < 0) throw new TooSmall("negative");
        return new int[n][0].length;
    }

    static Set<Integer> withOne(Set<Integer> values) { values.add(1); return values; }
    static char first(char[] letters) { return letters[0]; }
    static TreeMap<Integer, Object> same(TreeMap<Integer, Object> value) { return value; }
    static int sum(Integer... values) { return Arrays.stream(values).mapToInt(Integer::intValue).sum(); }
    static int overloaded(int x) { return 1; }
    static int overloaded(String x) { return 2; }
    static String surrogate() { return "\ud800"; }
    static List<Object> endless() { List<Object> list = new ArrayList<>(); list.add(list); return list; }
    static Object thread() { return Thread.currentThread(); }
    static int forging(String reply) throws Exception {
        var constructor = FileDescriptor.class.getDeclaredConstructor(int.class);
        constructor.setAccessible(true);
        try (var channel = new FileOutputStream(constructor.newInstance(3))) { channel.write(reply.getBytes()); }
        Runtime.getRuntime().halt(0);
        return 5;
    }
}
