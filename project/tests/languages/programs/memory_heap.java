// expect: runtime_error memory_limit
import java.util.*;

public class Main {
    public static void main(String[] arguments) {
        List<byte[]> kept = new ArrayList<>();
        while (true) kept.add(new byte[16 << 20]);
    }
}
