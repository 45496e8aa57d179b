// expect: accepted
// A class Comment { public static void main(String[] arguments) {} } that is none.
package learners.first;

import java.util.*;

class Helper {
    static int add(int a, int b) { return a + b; }
}

class Start {
    /* class Other { public static void main(String[] arguments) {} */
    static int twice(int a) {
        if (a > 0) { return 2 * a; }
        return 0;
    }

    public static void main(String... arguments) {
        Scanner input = new Scanner(System.in);
        System.err.println("class Text { static void main(String[] arguments)");
        System.out.print(Helper.add(input.nextInt(), input.nextInt()));
    }
}
