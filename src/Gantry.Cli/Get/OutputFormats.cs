using System.CommandLine;

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
}
