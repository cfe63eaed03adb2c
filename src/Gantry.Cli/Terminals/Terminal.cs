namespace Gantry.Cli.Terminals;

/// <summary>Where results (stdout) and messages (stderr) go, and whether they may be coloured.</summary>
internal sealed class Terminal(TextWriter output, TextWriter error, Paint onOutput, Paint onError)
{
    public TextWriter Out { get; } = output;

    public TextWriter Error { get; } = error;

    /// <summary>For text on <see cref="Out"/>.</summary>
    public Paint OutPaint { get; } = onOutput;

    /// <summary>For text on <see cref="Error"/>.</summary>
    public Paint ErrorPaint { get; } = onError;

    public static Terminal OfProcess() => new(
        Console.Out, Console.Error, Paint.For(Console.IsOutputRedirected), Paint.For(Console.IsErrorRedirected));

    /// <summary>Says what went wrong, as the last thing before an exit code.</summary>
    public void Fail(string message) => Error.WriteLine($"{ErrorPaint.Red("gantry:")} {Clean(message)}");

    /// <summary>A message for a person who is watching.</summary>
    public void Note(string message) => Error.WriteLine(Clean(message));

    /// <summary>A message that stands back behind the others.</summary>
    public void NoteDim(string message) => Error.WriteLine(ErrorPaint.Dim(Clean(message)));

    /// <summary>Messages repeat what hubs, files and whoever sends telemetry wrote, and a terminal obeys control characters. Line breaks are our own; who repeats a name in one line cleans it of them.</summary>
    private static string Clean(string message) =>
        message.Any(IsObeyed) ? string.Concat(message.Select(c => IsObeyed(c) ? '\uFFFD' : c)) : message;

    private static bool IsObeyed(char c) => char.IsControl(c) && c is not ('\n' or '\t');
}
