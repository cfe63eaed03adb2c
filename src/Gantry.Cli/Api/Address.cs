using System.CommandLine;
using System.CommandLine.Parsing;

namespace Gantry.Cli.Api;

/// <summary>Base addresses on the command line.</summary>
internal static class Address
{
    /// <param name="variable">The environment variable that is asked where the option is not given.</param>
    public static Option<Uri> Option(CliContext context, string name, string description, string variable, string standard) => new(name)
    {
        Description = $"{description} [default: {variable}, else {standard}]",
        HelpName = "URL",
        CustomParser = result => Parse(result, result.Tokens[0].Value, name),
        DefaultValueFactory = result => Parse(result, context.Variable(variable) is { Length: > 0 } named ? named : standard, variable)!,
    };

    /// <param name="source">Whose value it is, for the message.</param>
    public static Uri? Parse(ArgumentResult result, string text, string source)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.Query.Length == 0)
        {
            // Relative paths resolve below it, also where the hub sits behind a prefix.
            return address.AbsolutePath.EndsWith('/') ? address : new Uri(address + "/");
        }

        result.AddError($"{source} '{text}': expected an http:// or https:// address, such as {HubAddress.Default}");
        return null;
    }

    /// <summary>Without the slash at the end, as people write it.</summary>
    public static string Show(Uri address) => address.ToString().TrimEnd('/');
}
