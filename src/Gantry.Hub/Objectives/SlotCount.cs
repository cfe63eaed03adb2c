namespace Gantry.Hub.Objectives;

/// <summary>Requests of a stretch of time.</summary>
/// <param name="Bad">Those of them that the objective counts as bad.</param>
internal readonly record struct SlotCount(ulong Requests, ulong Bad)
{
    public static SlotCount operator +(SlotCount a, SlotCount b) => new(a.Requests + b.Requests, a.Bad + b.Bad);

    public static SlotCount operator -(SlotCount a, SlotCount b) => new(a.Requests - b.Requests, a.Bad - b.Bad);
}
