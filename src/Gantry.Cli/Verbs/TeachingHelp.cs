using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Gantry.Cli.Verbs;

/// <summary>The standard help with a verb's details and examples below it.</summary>
internal sealed class TeachingHelp(HelpAction standard) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        var code = standard.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        switch (parseResult.CommandResult.Command)
        {
            case Verb verb:
                Write(output, verb);
                break;
            case RootCommand:
                output.WriteLine("Start with:");
                output.WriteLine("  gantry up                       hub, gateway and agent on this machine");
                output.WriteLine("  gantry demo                     in a second terminal: watch four services climb the ladder");
                output.WriteLine();
                output.WriteLine("Exit codes: 0 ok, 1 error, 2 differences, 3 refused, 4 authentication, 5 conflict, 6 rollout failed, 7 timeout,");
                output.WriteLine("8 hub unreachable, 130 interrupted. Results go to stdout, messages to stderr.");
                break;
        }

        return code;
    }

    private static void Write(TextWriter output, Verb verb)
    {
        if (verb.Details.Length > 0)
        {
            output.WriteLine(verb.Details);
            output.WriteLine();
        }

        if (verb.Examples.Count > 0)
        {
            output.WriteLine("Examples:");
            var width = verb.Examples.Max(example => example.Line.Length) + 2;
            foreach (var example in verb.Examples)
            {
                output.WriteLine($"  {example.Line.PadRight(width)}{example.Does}");
            }
        }
    }
}
