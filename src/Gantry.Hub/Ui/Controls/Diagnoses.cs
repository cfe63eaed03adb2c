using Gantry.Estate.Findings;
using Gantry.Hub.Coverage;

namespace Gantry.Hub.Ui.Controls;

/// <summary>Why a list is empty, as far as the snapshot tells. Ordered along the way that telemetry takes.</summary>
internal static class Diagnoses
{
    public static IReadOnlyList<Cause> NoHosts(EstateSnapshot snapshot)
    {
        var connected = snapshot.Agents.Count(agent => agent.Connected);
        return
        [
            new("No agent runs yet",
                connected > 0 ? $"{Words.Plural(connected, "agent is", "agents are")} connected." : "No agent has said hello to this hub. On one machine, this starts all that is needed:",
                "gantry up",
                connected > 0 ? Finding.RuledOut : Finding.Likely),
            new("An agent runs and cannot reach the hub",
                "The hub listens on port 4320. Its log names the address that it tries and the answer that it gets.",
                "journalctl -u gantry-agent -n 50",
                connected > 0 ? Finding.RuledOut : Finding.Unknown),
            new("Host metrics do not arrive at the gateway",
                connected > 0 ? "Agents are connected, and no system.* metric has arrived. Something must listen on 4317 (gRPC) and 4318 (HTTP):" : "Something must listen on 4317 (gRPC) and 4318 (HTTP):",
                "ss -ltn '( sport = :4317 or sport = :4318 )'",
                connected > 0 ? Finding.Likely : Finding.Unknown),
            new("Metrics arrive without host.name",
                "A collector needs the resourcedetection processor (system detector) in its metrics pipeline.",
                "gantry get hosts -o json",
                Finding.Unknown),
        ];
    }

    public static IReadOnlyList<Cause> NoServices(EstateSnapshot snapshot)
    {
        var hosts = snapshot.Hosts.Count;
        var processes = snapshot.Hosts.Sum(host => host.Processes);
        return
        [
            new("No host is known",
                hosts > 0 ? $"{Words.Plural(hosts, "host is", "hosts are")} known." : "Services are found on hosts, so hosts come first.",
                "gantry up",
                hosts > 0 ? Finding.RuledOut : Finding.Likely),
            new("No process listens on a port",
                processes > 0
                    ? $"{Words.Plural(processes, "process", "processes")} were found; none of them is taken for a service."
                    : "The agents report no process that listens. On a host, this shows what does:",
                "ss -ltnp",
                hosts > 0 && processes == 0 ? Finding.Likely : Finding.Unknown),
            new("The agent may not see other users' processes",
                "Without CAP_SYS_PTRACE an agent sees only processes of its own user.",
                "systemctl show gantry-agent -p User -p AmbientCapabilities",
                Finding.Unknown),
            new("Telemetry arrives without service.name",
                "Set the resource attribute where the process is started; no code changes.",
                "OTEL_SERVICE_NAME=checkout",
                Finding.Unknown),
        ];
    }

    /// <summary>No service but Gantry itself has inbound requests. Where none is known at all, that is the cause, and has causes of its own.</summary>
    public static IReadOnlyList<Cause> NoEntry(EstateSnapshot snapshot)
    {
        List<ServiceRow> services = [.. snapshot.Services.Where(service => service.Name != Coverage.Steps.ServiceSteps.Self)];
        if (services.Count == 0)
        {
            return NoServices(snapshot);
        }

        var (dark, idle) = (services.Count(service => service.Dark), services.Count(service => !service.Dark));
        return
        [
            new("What runs is dark",
                dark > 0 ? $"{Words.Plural(dark, "service runs and sends", "services run and send")} nothing. The first step brings one out of the dark:" : "Nothing is dark.",
                snapshot.Steps.First is { Command.Length: > 0 } step ? step.Command : "gantry next",
                dark > 0 ? Finding.Likely : Finding.RuledOut),
            new("Nobody asks them anything",
                idle > 0 ? $"{Words.Plural(idle, "service sends", "services send")} telemetry, and no request came within the last minutes." : "None sends telemetry, so nobody can tell.",
                "gantry get services",
                idle > 0 ? Finding.Likely : Finding.Unknown),
            new("You want to see one first",
                "A shop with three breaks in its journey, found and mended. It needs Node.js and RabbitMQ.",
                "gantry demo --gaps",
                Finding.Unknown),
        ];
    }

    /// <summary>Processes come from Gantry's own agents only.</summary>
    public static IReadOnlyList<Cause> NoProcesses(EstateSnapshot snapshot)
    {
        var agents = snapshot.Agents.Count(agent => agent is { Connected: true, ConfigKind: "gantry" });
        return
        [
            new("No Gantry agent is connected",
                agents > 0 ? $"{Words.Plural(agents, "agent is", "agents are")} connected." : "Only Gantry's own agent tells what runs. On one machine, this starts all that is needed:",
                "gantry up",
                agents > 0 ? Finding.RuledOut : Finding.Likely),
            new("The agent has just started",
                "It looks at once, and sends what it found with its first messages.",
                "journalctl -u gantry-agent -n 50",
                agents > 0 ? Finding.Likely : Finding.Unknown),
            new("The agent may not look",
                "This shows what it sees, and what it may not:",
                "gantry-agent --once",
                Finding.Unknown),
        ];
    }

    /// <summary>No finding is good news only when something was looked at.</summary>
    public static IReadOnlyList<Cause> NoFindings(EstateSnapshot snapshot)
    {
        var sending = snapshot.Services.Count(service => !service.Dark);
        return
        [
            new("Nothing has sent yet",
                sending > 0 ? $"{Words.Plural(sending, "service sends", "services send")}." : "Findings are about what services send, and none does.",
                "gantry get services",
                sending > 0 ? Finding.RuledOut : Finding.Likely),
            new("Everything that came was right",
                "Looked at in every span and resource, before any sampling: " + string.Join("; ", FindingCatalogue.All.Select(kind => kind.For("(service.name and others)").Title)) + ".",
                "gantry get findings",
                sending > 0 ? Finding.Likely : Finding.Unknown),
            new("The gateway is older than this hub",
                "Gateways report findings since this version; the program says which it is.",
                "gantry --version",
                Finding.Unknown),
        ];
    }

    public static IReadOnlyList<Cause> NoAgents(EstateSnapshot snapshot)
    {
        var hosts = snapshot.Hosts.Count;
        return
        [
            new("No agent was started",
                hosts > 0 ? $"{Words.Plural(hosts, "host sends", "hosts send")} telemetry without an agent; an agent adds processes and configuration." : "On one machine, this starts hub, gateway and agent:",
                "gantry up",
                Finding.Likely),
            new("An agent runs and cannot reach the hub",
                "OpAMP is on this hub's port 4320, path /v1/opamp. This answers when the way is open:",
                "curl -si http://localhost:4320/healthz",
                Finding.Unknown),
            new("An agent is refused",
                "A hub that listens beyond loopback asks agents for a credential. The agent's log says 401 or 403.",
                "journalctl -u gantry-agent -n 50",
                Finding.Unknown),
            new("A collector runs without the opamp extension",
                "Add the extension with this endpoint; the collector then appears here.",
                "ws://localhost:4320/v1/opamp",
                Finding.Unknown),
        ];
    }

    public static IReadOnlyList<Cause> NoPipelines(EstateSnapshot snapshot)
    {
        var agents = snapshot.Agents.Count;
        return
        [
            new("None was declared",
                agents > 0 ? $"{Words.Plural(agents, "agent is", "agents are")} known and left as they are. Write one here, or apply a folder:" : "Write one here, or apply a folder:",
                "gantry apply -f pipelines/",
                Finding.Likely),
            new("They are in Git, and nothing brings them here",
                "This checks a folder as applying it would, and changes nothing:",
                "gantry validate -f pipelines/",
                Finding.Unknown),
            new("Nobody to match them yet",
                agents > 0 ? $"{Words.Plural(agents, "agent is", "agents are")} known." : "A pipeline takes effect on agents that connect here.",
                "gantry get agents",
                agents > 0 ? Finding.RuledOut : Finding.Unknown),
        ];
    }

    /// <param name="journeys">Names of what is declared.</param>
    public static IReadOnlyList<Cause> NoCampaigns(IReadOnlyList<string> journeys) =>
    [
        new("None was declared",
            journeys.Count > 0 ? $"{Words.Plural(journeys.Count, "journey is", "journeys are")} declared. This brings every service of {journeys[0]} to Transactions:" : "This brings every service of a team to Baseline; with a journey it is that journey's services:",
            Commands.ApplyHere(
                $"apiVersion: gantry/v1\nkind: Campaign\nmetadata: {{name: first}}\nspec:\n  title: The first campaign\n  owner: team-platform\n"
                + (journeys.Count > 0 ? $"  journey: {journeys[0]}\n  target: transactions\n" : "  services: {owner: team-checkout}\n  target: baseline\n")
                + "  by: 2027-03-31\n"
                + (journeys.Count > 0 ? "  checks: {noBreaks: true, complete: 95%}\n" : "")),
            Finding.Likely),
        new("No journey is declared",
            journeys.Count > 0 ? $"{string.Join(", ", journeys.Take(5))}." : "A campaign along one journey shows more than one over many services: it ends with requests that are seen whole.",
            "gantry get journeys",
            journeys.Count > 0 ? Finding.RuledOut : Finding.Likely),
    ];
}
