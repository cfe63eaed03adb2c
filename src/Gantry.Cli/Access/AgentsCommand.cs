using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Gantry.Cli.Api;
using Gantry.Cli.Get;
using Gantry.Cli.Terminals;
using Gantry.Cli.Verbs;
using Gantry.Hub.Access;
using Gantry.Hub.Fleet.Certificates;

namespace Gantry.Cli.Access;

/// <summary><c>gantry access agents</c>: what single agents come with.</summary>
internal static class AgentsCommand
{
    private const string Uid = "0190c2f4-7d1e-7c3a-9b52-3f6a1d2e4b5c";

    private static readonly Column<SigningRow>[] Columns =
    [
        new("AGENT", row => row.Agent.ToString()),
        new("STATE", row => row.State),
        new("ASKED", row => row.At.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)),
        new("KEY (SHA-256)", row => row.PublicKey),
        new("DECIDED BY", row => row.DecidedBy),
    ];

    public static Command Create(CliContext context)
    {
        var agents = new Verb("agents", "Credentials and signing requests of single agents", context)
        {
            Examples =
            [
                new Example($"gantry access agents revoke {Uid}", "ends all that this agent has, and its connection"),
                new Example("gantry access agents requests", "who waits for a certificate"),
            ],
        };
        agents.Add(On(context, "rotate", "Offer an agent a new credential", "POST", "agents/{0}/rotate",
            "Over OpAMP: at once over a WebSocket, with the next poll over plain HTTP. The old one counts until the agent has come with the new one; one that could not use it goes on with the old.",
            (uid, _) => $"offered  {uid}"));
        agents.Add(On(context, "revoke", "End all that an agent has, at once, at every node", "DELETE", "agents/{0}",
            "Tokens and certificates of its own; its connection is closed. Enrolment tokens that are there do not let it in again; one that is made later does.",
            (_, answer) => string.Join('\n', JsonText.Read<List<CredentialRow>>(answer).Select(row => $"{row.State}  {row.Id}  {row.Form}  {Table.Clean(row.Name)}"))));
        agents.Add(Requests(context));
        agents.Add(On(context, "approve", "Sign an agent's request", "POST", "requests/{0}/approve", "Compare its key first: gantry access agents requests.", Decided));
        agents.Add(On(context, "refuse", "Refuse an agent's request", "POST", "requests/{0}/refuse", "The agent is told, and may ask again.", Decided));
        return agents;
    }

    private static string Decided(string uid, JsonElement answer) => $"{JsonText.Read<SigningRow>(answer).State}  {uid}";

    private static Verb Requests(CliContext context)
    {
        var format = OutputFormats.Option(OutputFormats.Table, OutputFormats.Json);
        var hub = HubAddress.Option(context);
        var verb = new Verb("requests", "List signing requests that wait, or are decided and not fetched", context)
        {
            Details = "They wait where the hub runs with --approve-certificates.",
            Examples = [new Example("gantry access agents requests", "as a table"), new Example("gantry access agents requests -o json", "as the API has them")],
        };
        verb.Add(format);
        verb.Add(hub);
        return verb.Runs(async (parsed, cancellation) =>
        {
            using var client = new HubClient(context, parsed.GetRequiredValue(hub));
            var rows = await client.GetJsonAsync("access/requests", cancellation);
            return OutputFormats.Write<List<SigningRow>>(context, rows, parsed.GetRequiredValue(format), read => Table.Write(context.Terminal.Out, Columns, read));
        });
    }

    /// <param name="path">Of the API, with {0} for the uid.</param>
    /// <param name="say">What to print of the answer.</param>
    private static Verb On(CliContext context, string name, string description, string method, string path, string details, Func<string, JsonElement, string> say)
    {
        var agent = new Argument<string>("uid") { Description = "Its instance uid, as gantry get agents shows it", HelpName = "UID" };
        var hub = HubAddress.Option(context);
        var verb = new Verb(name, description, context) { Details = details, Examples = [new Example($"gantry access agents {name} {Uid}", "by its uid")] };
        verb.Add(agent);
        verb.Add(hub);
        return verb.Runs(async (parsed, cancellation) =>
        {
            var uid = parsed.GetRequiredValue(agent);
            using var client = new HubClient(context, parsed.GetRequiredValue(hub));
            var answer = await client.ChangeAsync(
                new HttpMethod(method), "access/" + string.Format(CultureInfo.InvariantCulture, path, Uri.EscapeDataString(uid)), body: null, cancellation);
            context.Terminal.Out.WriteLine(say(Table.Clean(uid), answer));
            return ExitCodes.Ok;
        });
    }
}
