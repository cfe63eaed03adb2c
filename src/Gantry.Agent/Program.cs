using System.Runtime.InteropServices;
using Gantry.Agent.Boot;
using Gantry.Agent.Boot.Verbs;
using Microsoft.Extensions.Logging;

namespace Gantry.Agent;

/// <summary>The standalone program gantry-agent. Exit codes: 0 it ended as asked, 1 it could not do what was asked.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        if (AgentVerbs.IsVerb(arguments))
        {
            return await RunVerbAsync(arguments);
        }

        var command = CommandLine.Parse(arguments);
        switch (command.Verb)
        {
            case Verb.Help:
                Console.Out.WriteLine(CommandLine.Help);
                AgentVerbs.WriteList(Console.Out);
                return 0;
            case Verb.Version:
                Console.Out.WriteLine($"gantry-agent {GantryAgent.Version}");
                return 0;
        }

        foreach (var problem in command.Problems)
        {
            Console.Error.WriteLine($"gantry-agent: {problem}");
        }

        if (command.Problems.Count > 0)
        {
            return 1;
        }

        using var stop = new CancellationTokenSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, stop));
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, stop));
        using var loggers = new ConsoleLogger(Console.Error, command.LogLevel, TimeProvider.System);
        try
        {
            await (command.Verb == Verb.Once ? OnceAsync(command, loggers, stop.Token) : RunAsync(command, loggers, stop.Token));
            return 0;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception error)
        {
            Console.Error.WriteLine($"gantry-agent: {error.Message.ReplaceLineEndings(" ")}");
            return 1;
        }
    }

    private static async Task<int> RunVerbAsync(string[] arguments)
    {
        using var stop = new CancellationTokenSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, stop));
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, stop));
        var console = new VerbConsole(Console.Out, Console.Error, TimeProvider.System);
        try
        {
            return await AgentVerbs.RunAsync(console, arguments, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception error)
        {
            return console.Fail(error.Message);
        }
    }

    private static void Stop(PosixSignalContext signal, CancellationTokenSource stop)
    {
        signal.Cancel = true;
        stop.Cancel();
    }

    private static async Task RunAsync(CommandLine command, ConsoleLogger loggers, CancellationToken stop)
    {
        using var agent = new GantryAgent(command.Options, loggers, TimeProvider.System);
        await agent.RunAsync(stop);
    }

    private static async Task OnceAsync(CommandLine command, ConsoleLogger loggers, CancellationToken stop)
    {
        var (metrics, host, inventory) = await Once.TakeAsync(command.Options, TimeProvider.System, loggers.CreateLogger(""), stop);
        if (command.AsJson)
        {
            await using var output = Console.OpenStandardOutput();
            OnceJson.Write(output, metrics, host, inventory);
            output.WriteByte((byte)'\n');
        }
        else
        {
            Once.WriteText(Console.Out, metrics, host, inventory);
        }
    }
}
