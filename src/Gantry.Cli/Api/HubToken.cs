using System.CommandLine;

namespace Gantry.Cli.Api;

/// <summary>
/// What verbs show to the hub: the token in the file of <c>--token-file</c>, else the one in GANTRY_TOKEN. Never an argument, which everybody on the machine
/// can read. Every verb with <c>--hub</c> has the option.
/// </summary>
internal sealed class HubToken(Func<string, string?> variable)
{
    private const string Name = "--token-file";

    /// <summary>Where <see cref="Name"/> means the tokens that others show here.</summary>
    private const string OtherName = "--hub-token-file";

    private const int Longest = 1024;

    public string? File { get; private set; }

    public string? Variable => variable("GANTRY_TOKEN") is { Length: > 0 } token ? token.Trim() : null;

    public static void AddOptions(Command command)
    {
        if (command.Options.Any(option => option.Name == "--hub"))
        {
            command.Add(new Option<string?>(command.Options.Any(option => option.Name == Name) ? OtherName : Name)
            {
                Description = "File with the token for the hub [default: the token in GANTRY_TOKEN, else none]",
                HelpName = "FILE",
            });
        }

        foreach (var verb in command.Subcommands)
        {
            AddOptions(verb);
        }
    }

    /// <summary>Takes over what the verb that runs was given.</summary>
    public void Take(ParseResult parsed)
    {
        var options = parsed.CommandResult.Command.Options;
        var option = options.FirstOrDefault(option => option.Name == OtherName) ?? (options.Any(option => option.Name == "--hub") ? options.FirstOrDefault(option => option.Name == Name) : null);
        File = option is Option<string?> named ? parsed.GetValue(named) : null;
    }

    /// <exception cref="CommandFailure">The file cannot be read.</exception>
    public string? Read()
    {
        if (File is null)
        {
            return Variable;
        }

        try
        {
            using var reader = new StreamReader(File);
            var text = new char[Longest];
            return new string(text, 0, reader.ReadBlock(text)).Trim() is { Length: > 0 } token ? token : throw new CommandFailure($"--token-file {File}: is empty; it must hold the token");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"--token-file {File}: cannot be read ({exception.Message.TrimEnd('.')})");
        }
    }
}
