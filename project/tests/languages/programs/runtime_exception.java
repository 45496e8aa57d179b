// expect: runtime_error
public class Main {
    public static void main(String[] arguments) {
        System.out.println("5");
        throw new IllegalStateException("this is uncaught");
    }
}
