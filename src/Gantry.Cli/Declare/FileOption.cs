using System.CommandLine;

namespace Gantry.Cli.Declare;

/// <summary>The option <c>-f</c>.</summary>
internal static class FileOption
{
    public static Option<string[]> Create(string description, bool required) => new("--filename", "-f")
    {
        Description = description,
        HelpName = "FILE|DIR|-",
        Required = required,
        Arity = required ? ArgumentArity.OneOrMore : ArgumentArity.ZeroOrMore,
    };
}
