namespace Gantry.Cli.Demo.Gaps;

/// <summary>Where RabbitMQ is installed.</summary>
internal static class RabbitProgram
{
    public const string Advice = "install RabbitMQ (your system's package rabbitmq-server, or https://www.rabbitmq.com), or name one that runs with --amqp URL";

    // Debian has the real scripts here, and on PATH one that insists on the user rabbitmq.
    private const string DebianFolder = "/usr/lib/rabbitmq/bin";

    private const string Server = "rabbitmq-server";

    /// <summary>The first folder that has the script with its companion: one without is a wrapper for the system's own node.</summary>
    /// <param name="path">PATH.</param>
    /// <exception cref="CommandFailure">There is none.</exception>
    public static string Find(string path) =>
        Folders(path).Append(DebianFolder).FirstOrDefault(folder => File.Exists(Path.Combine(folder, Server)) && File.Exists(Path.Combine(folder, "rabbitmq-env"))) is { } found
            ? Path.Combine(found, Server)
            : throw new CommandFailure($"`gantry demo --gaps` needs a queue, and the program `{Server}` is not to be found; {Advice}");

    /// <summary>Erlang's names server, which comes with every Erlang.</summary>
    /// <exception cref="CommandFailure">There is none.</exception>
    public static string FindNames(string path) =>
        Folders(path).Select(folder => Path.Combine(folder, "epmd")).FirstOrDefault(File.Exists)
            ?? throw new CommandFailure($"{Server} needs Erlang, and its program `epmd` is not on PATH; {Advice}");

    private static IEnumerable<string> Folders(string path) => path.Split(Path.PathSeparator).Where(folder => folder.Length > 0);
}
