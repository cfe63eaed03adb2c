using System.CommandLine.Parsing;

namespace Gantry.Cli.Api;

/// <summary>Base addresses on the command line.</summary>
internal static class Address
{
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
