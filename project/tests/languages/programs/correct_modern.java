// expect: accepted
import java.io.*;
import java.util.stream.*;

public final class Sum {
    record Pair(int first, int second) {
        int sum() { return first + second; }
    }

    enum Kind { ONE }

    static public void main(final String[] arguments) throws IOException {
        var numbers = new BufferedReader(new InputStreamReader(System.in)).lines()
            .flatMap(line -> Stream.of(line.split(" "))).map(Integer::parseInt).collect(Collectors.toList());
        System.out.println(new Pair(numbers.get(0), numbers.get(1)).sum());
    }
}
