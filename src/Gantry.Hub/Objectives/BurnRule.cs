namespace Gantry.Hub.Objectives;

/// <summary>
/// An alert on how fast a budget burns, after "Alerting on SLOs" in the Google SRE workbook, table 5-8 (https://sre.google/workbook/alerting-on-slos): it holds while both its windows burn
/// faster than the threshold. The long one says that a share of the budget is gone, the short one (a twelfth) that it still burns.
/// </summary>
/// <param name="Alert">"page" or "ticket".</param>
/// <param name="BudgetShare">Of the whole budget, what is spent when the long window burns at the threshold.</param>
internal sealed record BurnRule(string Alert, TimeSpan Long, TimeSpan Short, double BudgetShare)
{
    public static IReadOnlyList<BurnRule> All { get; } =
    [
        new("page", TimeSpan.FromHours(1), TimeSpan.FromMinutes(5), 0.02),
        new("page", TimeSpan.FromHours(6), TimeSpan.FromMinutes(30), 0.05),
        new("ticket", TimeSpan.FromDays(1), TimeSpan.FromHours(2), 0.10),
        new("ticket", TimeSpan.FromDays(3), TimeSpan.FromHours(6), 0.10),
    ];

    /// <summary>Those that make sense for an objective's window: none looks back further than it.</summary>
    public static IEnumerable<BurnRule> For(TimeSpan window) => All.Where(rule => rule.Long <= window);

    /// <summary>
    /// <c>max(1, share × window / long)</c>: 14.4, 6, 3 and 1 for thirty days. Never below 1, for what burns slower than that lasts longer than its window.
    /// Worked out in decimals, so that it is the number that people write.
    /// </summary>
    public double ThresholdFor(TimeSpan window) => (double)Math.Max(1, Math.Round((decimal)BudgetShare * window.Ticks / Long.Ticks, 6));
}
