// expect: runtime_error memory_limit
import java.lang.reflect.Field;
import sun.misc.Unsafe;

// Memory that is no part of the heap, which the JVM itself does not limit.
public class Main {
    public static void main(String[] arguments) throws Exception {
        Field field = Unsafe.class.getDeclaredField("theUnsafe");
        field.setAccessible(true);
        Unsafe unsafe = (Unsafe) field.get(null);
        long size = 64L << 20;
        for (int count = 0; count < 64; count++) unsafe.setMemory(unsafe.allocateMemory(size), size, (byte) 1);
        System.out.println("BROKEN it has 4 GiB");
    }
}
