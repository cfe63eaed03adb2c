using System.CommandLine;
using System.Text.Json;

namespace Gantry.Cli.Get;

/// <summary>The values of <c>-o</c>.</summary>
internal static class OutputFormats
{
    public const string Table = "table";
    public const string Wide = "wide";
    public const string Json = "json";

    public static Option<string> Option(params string[] formats)
    {
        var option = new Option<string>("--output", "-o")
        {
            Description = "How to show it",
            HelpName = string.Join('|', formats),
            DefaultValueFactory = _ => Table,
        };
        option.AcceptOnlyFromAmong(formats);
        return option;
    }

    /// <summary>One answer of the API: as it came, or for people.</summary>
    /// <param name="text">Writes it for people.</param>
    public static int Write<T>(CliContext context, JsonElement answer, string format, Action<T> text)
    {
        if (format == Json)
        {
            JsonText.Write(context.Terminal.Out, answer);
        }
        else
        {
            text(JsonText.Read<T>(answer));
        }

        return ExitCodes.Ok;
    }
}
