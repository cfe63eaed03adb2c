namespace Gantry.Agent.Host;

/// <summary>Reads one resource of the host. Where the kernel has nothing to say, it adds no point.</summary>
internal interface IHostReader
{
    void Read(MetricBatch batch);
}
