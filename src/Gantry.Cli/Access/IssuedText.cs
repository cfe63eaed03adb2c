using Gantry.Cli.Terminals;
using Gantry.Hub.Access;

namespace Gantry.Cli.Access;

/// <summary>A new token: itself on stdout and nothing else there, so that it can go straight into a file; about it on stderr.</summary>
internal static class IssuedText
{
    public static void Write(CliContext context, IssuedToken issued)
    {
        var row = issued.Credential;
        var until = row.Expires is { } expires ? $"until {expires:yyyy-MM-dd HH:mm} UTC" : "without an end";
        context.Terminal.Note($"{row.Role} token {Table.Clean(row.Name)} ({row.Id}), {until}. It is shown this once; keep it where only its holder can read it.");
        context.Terminal.Out.WriteLine(issued.Token);
    }
}
