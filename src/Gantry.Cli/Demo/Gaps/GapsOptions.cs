using System.CommandLine;
using System.CommandLine.Parsing;

namespace Gantry.Cli.Demo.Gaps;

/// <summary>Options that only <c>--gaps</c> has.</summary>
internal static class GapsOptions
{
    private const string QueueName = "--amqp";

    // As the shop itself calls it.
    private const string Variable = "ORDERS_URL";

    public static Option<Uri?> Queue(CliContext context) => new(QueueName)
    {
        Description = $"With --gaps: a RabbitMQ that runs already [default: {Variable}, else one of the demo's own]",
        HelpName = "URL",
        CustomParser = result => Parse(result, result.Tokens[0].Value, QueueName),
        DefaultValueFactory = result => context.Variable(Variable) is { Length: > 0 } named ? Parse(result, named, Variable) : null,
    };

    private static Uri? Parse(ArgumentResult result, string text, string source)
    {
        // The value is not repeated: it may have a password in it.
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("amqp" or "amqps") || address.Host.Length == 0)
        {
            result.AddError($"{source}: expected an address such as amqp://127.0.0.1:5672");
            return null;
        }

        if (source == QueueName && address.UserInfo.Length > 0)
        {
            result.AddError($"{source}: everybody on this machine can read a password in an argument; put the address into {Variable}");
            return null;
        }

        return address;
    }

    /// <summary>What the other demo does not know is no silent nothing.</summary>
    public static void Check(Command verb, Option<bool> gaps, IReadOnlyList<Option> only, Option never) => verb.Validators.Add(result =>
    {
        var isOn = result.GetValue(gaps);
        foreach (var option in only.Where(option => !isOn && result.GetResult(option) is { Implicit: false }))
        {
            result.AddError($"{option.Name} belongs to --gaps");
        }

        if (isOn && result.GetResult(never) is { Implicit: false })
        {
            result.AddError($"{never.Name} is for the demo without --gaps, which makes purchases until it is done");
        }
    });
}
