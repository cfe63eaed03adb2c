using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using Gantry.Cli.Api;
using Gantry.Cli.Get;
using Gantry.Cli.Terminals;
using Gantry.Cli.Verbs;
using Gantry.Hub.Access;

namespace Gantry.Cli.Access;

/// <summary>What tokens and enrolment tokens have in common: lists, the end of one, and options.</summary>
internal static class CredentialVerbs
{
    private static readonly Column<CredentialRow>[] Columns =
    [
        new("ID", row => row.Id),
        new("NAME", row => row.Name),
        new("ROLE", row => row.Role),
        new("STATE", row => row.State),
        new("EXPIRES", row => row.Expires?.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "never"),
        new("USES", row => row.MostUses > 0 ? $"{row.Uses}/{row.MostUses}" : row.Uses > 0 ? $"{row.Uses}" : "", Right: true),
        new("ATTRIBUTES", row => string.Join(',', row.Attributes.Select(pair => $"{pair.Key}={pair.Value}"))),
        new("CREATED BY", row => row.CreatedBy),
    ];

    public static Argument<string> Name() => new("name") { Description = "For people, lists and the audit log", HelpName = "NAME" };

    public static Option<int> Days(int standard) =>
        NumberOption.Create("--days", "Days until it expires; 0: never", "DAYS", standard, 0, 3650);

    public static Option<string[]> Attributes() => new("--attribute")
    {
        Description = "What its agents are, such as deployment.environment.name=prod; may be given several times",
        HelpName = "NAME=VALUE",
        DefaultValueFactory = _ => [],
        Validators =
        {
            result =>
            {
                foreach (var token in result.Tokens.Where(token => token.Value.IndexOf('=', StringComparison.Ordinal) <= 0))
                {
                    result.AddError($"--attribute '{token.Value}': expected NAME=VALUE");
                }
            },
        },
    };

    public static Dictionary<string, string> Read(string[] attributes) => attributes.Select(text => text.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);

    /// <param name="resource">"tokens" or "enrolments".</param>
    public static async Task<int> CreateAsync<T>(CliContext context, Uri hub, string resource, T request, CancellationToken cancellation)
    {
        using var client = new HubClient(context, hub);
        using var body = JsonContent.Create(request);
        // The hub wants to know how long a body is.
        await body.LoadIntoBufferAsync(cancellation);
        IssuedText.Write(context, JsonText.Read<IssuedToken>(await client.ChangeAsync(HttpMethod.Post, $"access/{resource}", body, cancellation)));
        return ExitCodes.Ok;
    }

    public static Verb List(CliContext context, string verb, string resource, string what)
    {
        var ended = new Option<bool>("--ended") { Description = "Also those that no longer count" };
        var format = OutputFormats.Option(OutputFormats.Table, OutputFormats.Json);
        var hub = HubAddress.Option(context);
        var list = new Verb("list", $"List {what}, without their secrets", context)
        {
            Examples = [new Example($"gantry access {verb} list", "those that count"), new Example($"gantry access {verb} list --ended -o json", "all, as the API has them")],
        };
        list.Add(ended);
        list.Add(format);
        list.Add(hub);
        return list.Runs(async (parsed, cancellation) =>
        {
            using var client = new HubClient(context, parsed.GetRequiredValue(hub));
            var rows = await client.GetJsonAsync($"access/{resource}{(parsed.GetValue(ended) ? "?ended=true" : "")}", cancellation);
            return OutputFormats.Write<List<CredentialRow>>(context, rows, parsed.GetRequiredValue(format), read => Table.Write(context.Terminal.Out, Columns, read));
        });
    }

    public static Verb Revoke(CliContext context, string verb, string resource, string details)
    {
        var id = new Argument<string>("id") { Description = "Its ID in the list", HelpName = "ID" };
        var hub = HubAddress.Option(context);
        var revoke = new Verb("revoke", "End one at once, at every node", context)
        {
            Details = details,
            Examples = [new Example($"gantry access {verb} revoke k3vq9w2mzx7c", "by its ID")],
        };
        revoke.Add(id);
        revoke.Add(hub);
        return revoke.Runs(async (parsed, cancellation) =>
        {
            using var client = new HubClient(context, parsed.GetRequiredValue(hub));
            var row = JsonText.Read<CredentialRow>(
                await client.ChangeAsync(HttpMethod.Delete, $"access/{resource}/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}", body: null, cancellation));
            context.Terminal.Out.WriteLine($"{row.State}  {row.Id}  {Table.Clean(row.Name)}");
            return ExitCodes.Ok;
        });
    }
}
