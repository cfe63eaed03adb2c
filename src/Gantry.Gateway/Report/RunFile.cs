using Microsoft.Extensions.Logging;

namespace Gantry.Gateway.Report;

/// <summary>
/// The id of the running gateway in the state folder, so that the next one can name the one whose place it takes: a hub waits five minutes for a gateway that was killed, and judges no trace
/// meanwhile, because it may only be cut off.
/// </summary>
internal sealed class RunFile(GatewayOptions options, GatewayIdentity identity, ILogger<RunFile> logger)
{
    public const string Name = "run";

    /// <summary>Id of the run before; "" where none is known. From now on the file has this run's.</summary>
    public string Replace()
    {
        if (options.StateFolder is not { } folder)
        {
            return "";
        }

        var path = Path.Combine(folder, Name);
        try
        {
            Directory.CreateDirectory(folder);
            var before = File.Exists(path) && new FileInfo(path).Length <= 64 && Guid.TryParse(File.ReadAllText(path), out var id) ? $"{id}" : "";
            File.WriteAllText(path, identity.Id);
            return before;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.RunNotKept(logger, path, exception.Message);
            return "";
        }
    }
}
