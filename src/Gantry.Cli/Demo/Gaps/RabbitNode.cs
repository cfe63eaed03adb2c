namespace Gantry.Cli.Demo.Gaps;

/// <summary>
/// A RabbitMQ node of the demo's own: its own name, ports and folder, on loopback alone, and nothing of the system's node. It is Erlang, so it comes
/// with a names server (epmd), which would stay behind if the node started it.
/// </summary>
internal sealed class RabbitNode : IAsyncDisposable
{
    private const string Loopback = "127.0.0.1";

    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly string _folder;
    private readonly ChildProgram _names;
    private readonly ChildProgram _node;

    private RabbitNode(string folder, int port, ChildProgram names, ChildProgram node)
    {
        _folder = folder;
        _names = names;
        _node = node;
        Address = new Uri($"amqp://{Loopback}:{port}");
    }

    public Uri Address { get; }

    /// <param name="folder">For all that it keeps; what is in there is deleted, now and at its end.</param>
    /// <exception cref="CommandFailure">There is no RabbitMQ, or it does not start.</exception>
    public static async Task<RabbitNode> StartAsync(string folder, TimeProvider time, CancellationToken cancellation)
    {
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        var (server, epmd) = (RabbitProgram.Find(path), RabbitProgram.FindNames(path));
        Clear(folder);
        Directory.CreateDirectory(folder);
        var (port, names) = (Ports.AnyFree(), Ports.AnyFree());
        var environment = Variables(folder, port, names, Ports.AnyFree());
        var running = new List<ChildProgram>();
        try
        {
            running.Add(ChildProgram.Start(epmd, folder, IsOthers, environment));
            await UntilAnswersAsync(running[0], "Erlang's epmd", names, time, cancellation);
            running.Add(ChildProgram.Start(server, folder, IsOthers, environment));
            await UntilAnswersAsync(running[1], "RabbitMQ", port, time, cancellation);
            return new RabbitNode(folder, port, running[0], running[1]);
        }
        catch
        {
            foreach (var program in running)
            {
                await program.DisposeAsync();
            }

            Clear(folder);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        await _names.DisposeAsync();
        Clear(_folder);
    }

    // https://www.rabbitmq.com/docs/configure#supported-environment-variables
    private static List<KeyValuePair<string, string>> Variables(string folder, int port, int names, int peers) =>
    [
        // Erlang keeps its cookie there.
        new("HOME", folder),
        new("ERL_EPMD_ADDRESS", Loopback),
        new("ERL_EPMD_PORT", $"{names}"),
        new("RABBITMQ_NODENAME", "gantry-demo@localhost"),
        new("RABBITMQ_NODE_IP_ADDRESS", Loopback),
        new("RABBITMQ_NODE_PORT", $"{port}"),
        new("RABBITMQ_DIST_PORT", $"{peers}"),
        new("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-kernel inet_dist_use_interface {127,0,0,1}"),
        new("RABBITMQ_MNESIA_BASE", Path.Combine(folder, "data")),
        new("RABBITMQ_LOG_BASE", Path.Combine(folder, "log")),
        // None of these exist: the system's configuration is for the system's node.
        new("RABBITMQ_CONF_ENV_FILE", Path.Combine(folder, "rabbitmq-env.conf")),
        new("RABBITMQ_CONFIG_FILE", Path.Combine(folder, "rabbitmq.conf")),
        new("RABBITMQ_ADVANCED_CONFIG_FILE", Path.Combine(folder, "advanced.config")),
        new("RABBITMQ_GENERATED_CONFIG_DIR", Path.Combine(folder, "config")),
        new("RABBITMQ_ENABLED_PLUGINS_FILE", Path.Combine(folder, "enabled_plugins")),
        // The script then becomes the node (exec), so that its id is the node's; it reads nothing, and Ctrl-C is for the demo.
        new("RABBITMQ_ALLOW_INPUT", "1"),
        new("RABBITMQ_SERVER_START_ARGS", "-noinput +B i"),
    ];

    private static bool IsOthers(string name) =>
        !name.StartsWith("RABBITMQ_", StringComparison.Ordinal) && !name.StartsWith("ERL_", StringComparison.Ordinal) && name != "NOTIFY_SOCKET";

    private static async Task UntilAnswersAsync(ChildProgram program, string name, int port, TimeProvider time, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        while (!await Ports.AnswersAsync(port, cancellation))
        {
            if (program.HasExited)
            {
                throw new CommandFailure($"{name} ended at once ({program.LastLine}); {RabbitProgram.Advice}");
            }

            if (time.GetElapsedTime(began) > StartPatience)
            {
                throw new CommandFailure($"{name} does not listen on {Loopback}:{port} after {StartPatience.TotalSeconds:0} s ({program.LastLine}); {RabbitProgram.Advice}");
            }

            await Task.Delay(Pause, time, cancellation);
        }
    }

    private static void Clear(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
