using Gantry.Cli.Terminals;
using Gantry.Hub.Coverage;

namespace Gantry.Cli.Get;

/// <summary>The one next step.</summary>
internal static class StepText
{
    public static void Write(TextWriter output, Paint paint, Step step)
    {
        output.WriteLine($"Next: {paint.Bold(Line(step.Title))}");
        if (step.Why.Length > 0)
        {
            output.WriteLine($"      {Line(step.Why)}");
        }

        if (step.Command.Length > 0)
        {
            output.WriteLine($"      $ {Line(step.Command)}");
        }
    }

    private static string Line(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
