using System.CommandLine;

namespace Gantry.Cli.Demo.Gaps;

/// <summary>Options that only <c>--gaps</c> has.</summary>
internal static class GapsOptions
{
    private const string QueueName = "--amqp";

    public static Option<Uri?> Queue() => new(QueueName)
    {
        Description = "With --gaps: a RabbitMQ that runs already [default: one of the demo's own]",
        HelpName = "URL",
        CustomParser = result =>
        {
            if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var address) && address.Scheme is "amqp" or "amqps" && address.Host.Length > 0)
            {
                return address;
            }

            // Not repeated: it may have a password in it.
            result.AddError($"{QueueName}: expected an address such as amqp://127.0.0.1:5672");
            return null;
        },
    };

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
