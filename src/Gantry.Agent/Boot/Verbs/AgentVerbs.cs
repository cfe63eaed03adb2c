using Gantry.Agent.Apply;
using Gantry.Agent.Instrument.Obi;

namespace Gantry.Agent.Boot.Verbs;

/// <summary>Every verb. A new one is a line here.</summary>
internal static class AgentVerbs
{
    public static IReadOnlyList<AgentVerb> All { get; } = [Instrument.Attach.AttachVerb.Verb, NetworkVerb.Verb, ObiVerb.Verb, RollbackVerb.Verb];

    /// <summary>The first argument names a verb unless it is an option.</summary>
    public static bool IsVerb(IReadOnlyList<string> arguments) => arguments.Count > 0 && !arguments[0].StartsWith('-');

    /// <summary>What <c>gantry-agent --help</c> says of verbs, behind its options.</summary>
    public static void WriteList(TextWriter output)
    {
        if (All.Count == 0)
        {
            return;
        }

        output.WriteLine();
        output.WriteLine("What it does once, by hand (each explains itself with --help):");
        output.WriteLine();
        foreach (var verb in All)
        {
            output.WriteLine($"  gantry-agent {(verb.Name + " " + verb.Usage).TrimEnd(),-32} {verb.Summary}");
        }
    }

    public static async Task<int> RunAsync(VerbConsole console, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var verb = All.FirstOrDefault(known => known.Name == arguments[0]);
        if (verb is null)
        {
            return console.Fail($"there is no verb '{arguments[0]}'; {(All.Count == 0 ? "there are only options" : $"there are {string.Join(", ", All.Select(known => known.Name))}")}, and gantry-agent --help explains them");
        }

        if (arguments.Contains("--help") || arguments.Contains("-h"))
        {
            console.Out.WriteLine(verb.Help);
            return 0;
        }

        return await verb.RunAsync(console, [.. arguments.Skip(1)], cancellation);
    }
}
