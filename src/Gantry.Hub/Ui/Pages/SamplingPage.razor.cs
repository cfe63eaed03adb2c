using Gantry.Estate.Sampling;
using Gantry.Hub.Sampling;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Pages;

/// <summary>Which spans are kept, who decided that, and does every gateway do it?</summary>
public sealed partial class SamplingPage
{
    // Conditions that differ between spans of one trace and one service.
    private static readonly string[] OfSpans = ["operation=", "kind=", "status=", "slowerThan="];

    private IReadOnlyList<(SamplingPolicyRow Policy, IReadOnlyList<(int Number, SamplingRuleRow Rule)> Rules)> _policies = [];

    [Inject]
    private UiContext Context { get; set; } = null!;

    private SamplingView View => Context.Snapshot.Sampling;

    private bool IsPartial => View.Policies.Any(policy => policy.Rules.Any(rule => OfSpans.Any(word => rule.Match.Contains(word, StringComparison.Ordinal))));

    private string Lead => View.Revision.Length == 0 ? "No sampling policy was ever declared." : "All sampling policies were deleted.";

    private string DefaultFrom => View.DefaultFrom.Length > 0 ? $"from {View.DefaultFrom}" : "no policy has a default";

    protected override void OnParametersSet()
    {
        var number = 0;
        _policies = [.. View.Policies.Select(policy => (policy, (IReadOnlyList<(int, SamplingRuleRow)>)[.. policy.Rules.Select(rule => (++number, rule))]))];
    }

    private static string Keeps(double probability) => probability switch
    {
        0 => "none",
        1 => "all",
        _ => Figures.Share(probability) is var share && !share.StartsWith('<') ? share : "1 in " + Figures.Number(1 / probability),
    };

    private static string Meaning(string state) => state switch
    {
        "behind" => "the hub's is on its way",
        "kept" => "from before; this hub has none",
        "unknown" => "it does not say",
        _ => "",
    };
}
