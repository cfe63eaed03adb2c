namespace Gantry.Cli.Terminals;

/// <summary>Colour, or none: https://no-color.org, and nothing but text for pipes and files.</summary>
internal sealed class Paint
{
    public static readonly Paint None = new(on: false);

    public static readonly Paint Ansi = new(on: true);

    private readonly bool _on;

    private Paint(bool on) => _on = on;

    public static Paint For(bool redirected)
    {
        var isOff = redirected
            || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 }
            || Environment.GetEnvironmentVariable("TERM") is null or "dumb";
        return isOff ? None : Ansi;
    }

    public string Bold(string text) => Wrap(text, "1");

    public string Dim(string text) => Wrap(text, "2");

    public string Red(string text) => Wrap(text, "31");

    public string Green(string text) => Wrap(text, "32");

    private string Wrap(string text, string code) => _on ? $"\e[{code}m{text}\e[0m" : text;
}
