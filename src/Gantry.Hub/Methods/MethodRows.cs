using Gantry.Estate.Methods;
using Ladder = Gantry.Estate.Ladder.Rung;

namespace Gantry.Hub.Methods;

/// <summary>What can be done for a program where it runs, as every door shows it.</summary>
/// <param name="Of">What was looked at: "payments.dll (pid 42 on web-1)"; "" for a language alone.</param>
/// <param name="Language">A row of the matrix; "" when it is none.</param>
/// <param name="Platform">A column of the matrix.</param>
/// <param name="Confidence">"tested", "code", "documented" or "concluded".</param>
/// <param name="Otherwise">What is left where a rung cannot be had, or not well.</param>
/// <param name="Limits">What cannot be had there at all.</param>
/// <param name="Sources">Title and place of what this rests on.</param>
public sealed record MethodRow(
    string Of,
    string Language,
    string RuntimeVersion,
    string Platform,
    string Confidence,
    IReadOnlyList<MethodRungRow> Rungs,
    IReadOnlyList<MethodChoiceRow> Otherwise,
    IReadOnlyList<string> Limits,
    IReadOnlyList<string> Sources)
{
    public static MethodRow From(string of, MethodAdvice advice) => new(
        of,
        advice.Traits.Language?.Id ?? "",
        advice.Traits.RuntimeVersion,
        advice.Platform.Id,
        advice.Cell.Confidence,
        [Rung(advice.Baseline), Rung(advice.Transactions)],
        [.. advice.Otherwise.Select(MethodChoiceRow.From)],
        advice.Limits,
        [.. advice.Sources.Select(source => source.Where.Length > 0 ? $"{source.Title}: {source.Where}" : source.Title)]);

    private static MethodRungRow Rung(RungAdvice advice) => new(
        (int)advice.Rung,
        advice.Rung == Ladder.Baseline ? "baseline" : "transactions",
        [.. advice.Applicable.Select(MethodChoiceRow.From)],
        [.. advice.Refused.Select(refusal => new MethodRefusalRow(refusal.Method?.Id ?? "", refusal.Reason, refusal.Message))]);
}

/// <summary>One rung: the first method that applies is the recommended one; none: the rung cannot be had.</summary>
public sealed record MethodRungRow(int Rung, string Name, IReadOnlyList<MethodChoiceRow> Applicable, IReadOnlyList<MethodRefusalRow> Refused);

/// <summary>A method that applies.</summary>
/// <param name="Restart">"none", "process", "pod", "task", "function" or "rebuild".</param>
/// <param name="Privilege">"" for none.</param>
/// <param name="Image">The program's image changes.</param>
/// <param name="Needs">What must be there before.</param>
/// <param name="Unchecked">What it needs and nobody knows.</param>
public sealed record MethodChoiceRow(string Method, string Title, string Does, string Why, string Restart, string Privilege, bool Image, string Needs, IReadOnlyList<string> Unchecked)
{
    public static MethodChoiceRow From(MethodChoice choice) => new(
        choice.Method.Id, choice.Method.Title, choice.Method.Does, choice.Why, choice.Cost.Restart.ToString().ToLowerInvariant(), choice.Cost.Privilege, choice.Cost.Image, choice.Method.Needs, choice.Unchecked);
}

/// <summary>A method that does not apply.</summary>
/// <param name="Method">"" where none exists at all.</param>
/// <param name="Reason">As in the state of a process: "libc", "other-agent".</param>
/// <param name="Message">Why, with what would change it.</param>
public sealed record MethodRefusalRow(string Method, string Reason, string Message);
