package io.places.examples.cli;

import io.places.PlacesException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command {@code places} and the one list of its subcommands.
 *
 * <p>Every command ends with 0 (done), 1 (failed) or 2 (wrong use). What went wrong is one line on
 * standard error: a command throws a {@link PlacesException} to fail and a {@link
 * ParameterException} to refuse its arguments, and prints nothing of that itself; an output that cannot be
 * written fails where all of them end. {@code --help}, {@code
 * --version} and {@code --verbose} are understood by all of them.
 */
@Command(
    name = "places",
    description = "Runs programs on Places for Java: the examples, and your own.",
    mixinStandardHelpOptions = true,
    versionProvider = PlacesCommand.Version.class,
    scope = ScopeType.INHERIT)
public final class PlacesCommand implements Callable<Integer> {
  private static final List<Class<?>> COMMANDS =
      List.of(
          HelloCommand.class,
          ExampleCommand.class,
          WordCountCommand.class,
          RunCommand.class,
          RmpirunCommand.class,
          KMeansCommand.class,
          QsortCommand.class,
          NodeCommand.class,
          PsCommand.class);

  /** A placeholder until picocli puts the real one here. */
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Print the stack trace of a failure.")
  private boolean verbose;

  @Option(names = "--train-aot-cache", hidden = true)
  private boolean trainAotCache;

  private PlacesCommand() {}

  /** Runs the command line and ends the JVM with its exit code. */
  public static void main(String[] args) {
    List<String> words = Stream.of(args).filter(word -> !word.startsWith("-")).limit(2).toList();
    System.exit(commandLine(words).execute(args));
  }

  /** A fresh command line of all commands, with the rules for failures that hold for every subcommand. */
  static CommandLine commandLine() {
    return commandLine(List.of());
  }

  /**
   * A command line of those commands that are needed for one that begins with these words: to read the
   * annotations of all takes half the time in which a small job is done.
   */
  private static CommandLine commandLine(List<String> words) {
    var root = new PlacesCommand();
    CommandLine places = new CommandLine(root);
    add(places, COMMANDS, words);
    CommandLine example = places.getSubcommands().get("example");
    if (example != null) {
      add(example, ExampleCommand.EXAMPLES, words.subList(Math.min(1, words.size()), words.size()));
    }
    // What follows the class is the program's, options too, and an @ in front means nothing.
    for (CommandLine command : places.getSubcommands().values()) {
      Object of = command.getCommand();
      command.setStopAtPositional(of instanceof RunCommand || of instanceof RmpirunCommand);
    }
    return places
        .setExpandAtFiles(false)
        .setExecutionStrategy(PlacesCommand::runAndWriteOut)
        .setParameterExceptionHandler(PlacesCommand::wrongUse)
        .setExecutionExceptionHandler(root::failed);
  }

  /** Adds the command that the first word names; all if it names none. */
  private static void add(CommandLine to, List<Class<?>> commands, List<String> words) {
    List<Class<?>> named = commands.stream().filter(each -> words.indexOf(name(each)) == 0).toList();
    for (Class<?> command : named.isEmpty() ? commands : named) {
      to.addSubcommand(command);
    }
  }

  private static String name(Class<?> command) {
    return command.getAnnotation(Command.class).name();
  }

  @Override
  public Integer call() throws IOException {
    if (!trainAotCache) {
      throw new ParameterException(spec.commandLine(), "Missing a command");
    }
    AotTraining.run();
    return ExitCode.OK;
  }

  /** Here every command ends, {@code --help} too: with success only if all that it printed was written. */
  private static int runAndWriteOut(ParseResult parsed) {
    int code = new RunLast().execute(parsed);
    CommandLine command = lastOf(parsed).commandSpec().commandLine();
    try {
      Output.flush(command.getOut());
    } catch (PlacesException e) {
      throw new ExecutionException(command, String.valueOf(e.getMessage()), e);
    }
    return code;
  }

  private static ParseResult lastOf(ParseResult parsed) {
    return parsed.hasSubcommand() ? lastOf(parsed.subcommand()) : parsed;
  }

  private static int wrongUse(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    String hint = "see " + name + " --help";
    if (e instanceof UnmatchedArgumentException unmatched && !unmatched.getSuggestions().isEmpty()) {
      hint = "did you mean " + String.join(", ", unmatched.getSuggestions()) + "? " + hint;
    } else if (e instanceof UnmatchedArgumentException && !command.getSubcommands().isEmpty()) {
      hint = "there are " + String.join(", ", command.getSubcommands().keySet()) + "; " + hint;
    }
    command.getErr().println(name + ": " + e.getMessage() + " (" + hint + ")");
    return ExitCode.USAGE;
  }

  private int failed(Exception e, CommandLine command, ParseResult parsed) {
    PrintWriter err = command.getErr();
    // Only our own messages are written for the user; of any other exception the type matters too.
    String what = e instanceof PlacesException ? e.getMessage() : e.toString();
    err.println(command.getCommandSpec().qualifiedName() + ": " + what);
    if (verbose) {
      e.printStackTrace(err);
    }
    return ExitCode.SOFTWARE;
  }

  /** The version that the build wrote into the jar. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = PlacesCommand.class.getPackage().getImplementationVersion();
      return new String[] {
        "places " + (version == null ? "(not packaged)" : version), "Java " + Runtime.version()
      };
    }
  }
}
