namespace Gantry.Estate.Methods;

/// <summary>A language on a platform: ids of methods, best first.</summary>
/// <param name="Baseline">RED, and who talks to whom.</param>
/// <param name="Transactions">Traces; empty where no code-free way to them exists.</param>
/// <param name="Otherwise">What is left.</param>
/// <param name="Confidence">"tested" (by Gantry's own tests), "code", "documented" or "concluded" (from other facts; nobody tried).</param>
/// <param name="Sources">Ids of <see cref="MethodSource"/>.</param>
/// <param name="Limits">Ids of <see cref="LimitTable"/>.</param>
public sealed record MatrixCell(
    string Language,
    string Platform,
    IReadOnlyList<string> Baseline,
    IReadOnlyList<string> Transactions,
    IReadOnlyList<string> Otherwise,
    string Confidence,
    IReadOnlyList<string> Sources,
    IReadOnlyList<string> Limits);
