using Gantry.Estate.Ladder;
using Gantry.Hub.Coverage;

namespace Gantry.Cli.Demo;

/// <summary>One service's line of the final table.</summary>
/// <param name="Before">Its row while it was dark; null when the hub never saw it so.</param>
/// <param name="After">Its row now; null when the hub does not see it.</param>
/// <param name="Sent">Lines of its access log.</param>
/// <param name="Counted">What the gateway's RED counted since the load began.</param>
/// <param name="IsUntouched">Its process is the one that was started in the dark: same pid, same start time.</param>
internal sealed record Tally(ServicePlan Plan, ServiceRow? Before, ServiceRow? After, int Sent, ulong Counted, bool IsUntouched = false)
{
    public bool IsEqual => Counted == (ulong)Sent;

    public bool IsDone => IsEqual && After?.Rung >= (int)Rung.Transactions && (Plan.IsNode || IsUntouched);

    /// <summary>What is wrong with it; "" when nothing is.</summary>
    public string Complaint()
    {
        if (IsDone)
        {
            return "";
        }

        return !Plan.IsNode && !IsUntouched
            ? $"{Plan.Name} is another process than before"
            : IsEqual
            ? $"{Plan.Name} stands on rung {After?.Rung ?? 0}, not on rung 3"
            : $"{Plan.Name} had {Sent} requests and {Counted} were counted";
    }
}
