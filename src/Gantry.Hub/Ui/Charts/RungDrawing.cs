using System.Globalization;
using System.Text;
using Gantry.Hub.Coverage.Changes;

namespace Gantry.Hub.Ui.Charts;

/// <summary>The rung of one thing over seven days, as a step line.</summary>
internal sealed record RungDrawing(string Title, string Line, string Area, IReadOnlyList<RungDrawing.Mark> Rungs, IReadOnlyList<RungDrawing.Mark> Days, RungDrawing.Mark Now)
{
    public const int Width = 760;

    public const int Height = 132;

    private const int Left = 96;

    private const int Right = 12;

    private const int Top = 10;

    private const int Bottom = 24;

    /// <summary>The right edge moves by this much at a time, so that an unchanged picture stays unchanged.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Span = TimeSpan.FromDays(7);

    /// <summary>A line with its label.</summary>
    public sealed record Mark(string Path, string X, string Y, string Text);

    /// <param name="changes">Of its rung, oldest first.</param>
    /// <param name="rung">That it stands on now.</param>
    /// <param name="highest">That there is for such a thing.</param>
    /// <returns>Null without any history.</returns>
    public static RungDrawing? Of(IReadOnlyList<ChangeRow> changes, int rung, int highest, DateTimeOffset now)
    {
        if (changes.Count == 0)
        {
            return null;
        }

        var end = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % Step.Ticks) + Step.Ticks, TimeSpan.Zero);
        var points = Points(changes, rung, end - Span, now);
        double X(DateTimeOffset at) => Left + ((Width - Left - Right) * Math.Clamp((at - (end - Span)) / Span, 0, 1));
        double Y(int at) => Height - Bottom - ((Height - Bottom - Top) * (double)at / highest);
        var (line, area) = (new StringBuilder(), new StringBuilder());
        for (var i = 0; i < points.Count; i++)
        {
            var (at, until, value) = points[i];
            line.Append(CultureInfo.InvariantCulture, $"{(i > 0 && points[i - 1].To == at ? "L" : "M")}{X(at):0.#} {Y(value):0.#}H{X(until):0.#}");
            area.Append(CultureInfo.InvariantCulture, $"M{X(at):0.#} {Y(0):0.#}V{Y(value):0.#}H{X(until):0.#}V{Y(0):0.#}Z");
        }

        return new RungDrawing(
            $"Rung over seven days: {string.Join(", ", points.Select(point => $"{point.Rung} from {point.From.UtcDateTime.ToString("ddd HH:mm", CultureInfo.InvariantCulture)}"))}",
            line.ToString(),
            area.ToString(),
            [.. Enumerable.Range(0, highest + 1).Select(step => new Mark(
                string.Create(CultureInfo.InvariantCulture, $"M{Left} {Y(step):0.#}H{Width - Right}"), $"{Left - 8}", Text(Y(step) + 4), $"{step} {Words.Rung(step)}"))],
            [.. Enumerable.Range(0, 8).Select(day => new DateTimeOffset(end.UtcDateTime.Date, TimeSpan.Zero).AddDays(-day)).Where(day => day > end - Span).Select(day => new Mark(
                string.Create(CultureInfo.InvariantCulture, $"M{X(day):0.#} {Height - Bottom}v4"), Text(X(day)), $"{Height - 6}", day.ToString("ddd d", CultureInfo.InvariantCulture)))],
            new Mark("", Text(X(now)), Text(Y(rung)), ""));
    }

    private static List<(DateTimeOffset From, DateTimeOffset To, int Rung)> Points(IReadOnlyList<ChangeRow> changes, int rung, DateTimeOffset begin, DateTimeOffset now)
    {
        var points = new List<(DateTimeOffset From, DateTimeOffset To, int Rung)>();
        var (from, value) = (begin, Number(changes[0].From));
        foreach (var change in changes)
        {
            Add(from, change.At, value);
            (from, value) = (change.At, Number(change.To));
        }

        // What is not settled yet is seen on the row, and here; what went before it stays what it was.
        var settled = value < 0 || value == rung ? now : now - ChangeWatch.Hold > from ? now - ChangeWatch.Hold : from;
        Add(from, settled, value);
        Add(settled, now, rung);
        return points;

        void Add(DateTimeOffset at, DateTimeOffset until, int step)
        {
            if (step >= 0 && until > begin && until > at)
            {
                points.Add((at < begin ? begin : at, until, step));
            }
        }

        static int Number(string word) => int.TryParse(word, CultureInfo.InvariantCulture, out var number) ? number : -1;
    }

    private static string Text(double number) => number.ToString("0.#", CultureInfo.InvariantCulture);
}
