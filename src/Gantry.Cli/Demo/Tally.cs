using Gantry.Estate.Ladder;
using Gantry.Hub.Coverage;

namespace Gantry.Cli.Demo;

/// <summary>One service's line of the final table.</summary>
/// <param name="Before">Its row while it was dark; null when the hub never saw it so.</param>
/// <param name="After">Its row now; null when the hub does not see it.</param>
/// <param name="Sent">Lines of its access log.</param>
/// <param name="Counted">What the gateway's RED counted since the load began.</param>
internal sealed record Tally(ServicePlan Plan, ServiceRow? Before, ServiceRow? After, int Sent, ulong Counted)
{
    /// <summary>A service without telemetry is shown, and not compared.</summary>
    public bool IsCompared => Plan.IsNode;

    public bool IsEqual => Counted == (ulong)Sent;

    public bool IsDone => !IsCompared || (IsEqual && After?.Rung >= (int)Rung.Transactions);

    /// <summary>What is wrong with it; "" when nothing is.</summary>
    public string Complaint()
    {
        if (IsDone)
        {
            return "";
        }

        return IsEqual
            ? $"{Plan.Name} stands on rung {After?.Rung ?? 0}, not on rung 3"
            : $"{Plan.Name} had {Sent} requests and {Counted} were counted";
    }
}
