// expect: accepted
import java.io.File;
import java.io.FileOutputStream;
import java.lang.reflect.Field;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Scanner;

public class Main {
    interface Attempt {
        Object make() throws Throwable;
    }

    static void attempt(String name, Attempt attempt) {
        try {
            Object made = attempt.make();
            if (made != null && !made.equals(false)) System.out.println("BROKEN " + name);
        } catch (Throwable expected) {
        }
    }

    /** A library of the host is a file that can be executed. Its copy must not be. */
    static Path copiedLibrary() throws Exception {
        Path copy = Path.of("/tmp/libcopy.so");
        return Files.copy(Path.of(System.getProperty("java.home"), "lib", "libnet.so"), copy);
    }

    static Object unsafe() throws Exception {
        Field field = Class.forName("sun.misc.Unsafe").getDeclaredField("theUnsafe");
        field.setAccessible(true);
        return field.get(null);
    }

    public static void main(String[] arguments) throws Exception {
        for (String name : new String[] {"/tmp/canary.txt", "/etc/shadow", "/proc/self/environ", "/proc/1/maps", "/dev/mem"})
            attempt(name, () -> Files.readAllBytes(Path.of(name)));
        for (String name : new String[] {"/root", "/home", "/proc", "/sys", "/var", "/run"})
            attempt(name, () -> new File(name).list());
        attempt("environment", () -> System.getenv("HOST_SECRET"));
        attempt("a file in /usr", () -> new FileOutputStream("/usr/new"));
        attempt("a class beside the program", () -> new FileOutputStream("/program/files/New.class"));
        attempt("its own class", () -> new File("/program/files/Main.class").delete());
        attempt("TCP", () -> new Socket("127.0.0.1", 45871));
        attempt("a port", () -> new ServerSocket(0));
        attempt("a name", () -> InetAddress.getByName("localhost").isReachable(100));
        attempt("a socket in a directory", () -> SocketChannel.open(UnixDomainSocketAddress.of("/tmp/host.sock")));
        attempt("another process", () -> ProcessHandle.of(1).map(ProcessHandle::destroyForcibly).orElse(false));
        attempt("its own machine code", () -> {
            System.load(copiedLibrary().toString());
            return true;
        });
        attempt("its own program", () -> {
            Path copy = Files.copy(Path.of("/bin/true"), Path.of("/tmp/true"));
            copy.toFile().setExecutable(true);
            return new ProcessBuilder(copy.toString()).start().waitFor() == 0;
        });
        attempt("a shared page of the host's", () -> {
            Path file = Path.of(System.getProperty("java.home"), "lib", "modules");
            return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        });
        if (unsafe() == null) System.out.println("BROKEN this attempts nothing");
        Scanner input = new Scanner(System.in);
        System.out.println(input.nextInt() + input.nextInt());
    }
}
