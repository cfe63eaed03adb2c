using Gantry.Estate.Sampling;

namespace Gantry.Gateway.Sample;

/// <summary>The policy in force. A request reads it once, so that all its spans meet the same one; a new policy is in force for the next request.</summary>
internal sealed class SamplerState
{
    private volatile SamplingModel _current = SamplingModel.KeepAll;

    public SamplingModel Current => _current;

    public void Swap(SamplingModel model) => _current = model;
}
