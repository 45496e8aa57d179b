// expect: runtime_error memory_limit time_limit
public class Main {
    public static void main(String[] arguments) {
        for (int count = 0; count < 4000; count++) {
            new Thread(() -> {
                while (true) Thread.yield();
            }).start();
        }
        System.out.println("BROKEN it has 4000 threads");
    }
}
