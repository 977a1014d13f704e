/** Does steps, and says on one line each how it went. */
final class Steps {
  static final String API = System.getenv("API");
  static final String TOKEN = System.getenv("TOKEN");
  static final String CLIENT = System.getenv("CLIENT");

  /** A step; whatever it throws fails it. */
  interface Step {
    void run() throws Exception;
  }

  private Steps() {}

  static void step(String name, Step step) {
    step(name, "", step);
  }

  static void step(String name, String workaround, Step step) {
    String verdict = workaround.isEmpty() ? "ok" : "workaround";
    String told = workaround;
    try {
      step.run();
    } catch (Exception | AssertionError error) {
      error.printStackTrace();
      verdict = "failed";
      told = String.valueOf(error).replaceAll("\\s+", " ");
    }
    System.out.println(String.join("\t", verdict, name, told));
  }

  static void ensure(boolean holds, Object told) {
    if (!holds) throw new AssertionError("it does not hold: " + told);
  }
}
